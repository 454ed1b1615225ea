import type { AgentSpec } from '../../engine.js';
import type { Fields } from '../parse/fields.js';
import type { SimulatedFramework, Simulation } from '../simulation.js';

/** The agent that a field names. @throws ScenarioFault when there is none */
export function knownAgent(simulation: Simulation, fields: Fields, field: string, id: string): AgentSpec {
  const agent = simulation.agents.get(id);
  if (agent === undefined) throw fields.fault(field, `unknown agent ${JSON.stringify(id)}`);
  return agent;
}

/** The framework that a field names. @throws ScenarioFault when there is none */
export function knownFramework(simulation: Simulation, fields: Fields, field: string, id: string): SimulatedFramework {
  const framework = simulation.frameworks.get(id);
  if (framework === undefined) throw fields.fault(field, `unknown framework ${JSON.stringify(id)}`);
  return framework;
}

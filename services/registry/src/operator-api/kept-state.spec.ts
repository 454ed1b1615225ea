import { expect, it } from 'vitest';
import { documentsOf } from '../documents/documents.fakes.js';
import { ClusterModel } from '../model/cluster-model.js';
import { frameworkRecord, taskRecord } from '../model/model.fakes.js';
import { KeptState } from './kept-state.js';
import { JSON_FORM, type MessageForm } from './message-form.js';

it('answers nobody from a rendering that failed, also not those who wait for the next', async () => {
  const model = new ClusterModel({ maxCompletedFrameworks: 10, maxCompletedTasksPerFramework: 10 });
  model.applyFramework({ framework: frameworkRecord({ frameworkId: 'f' }) });
  model.applyLaunch({ task: taskRecord({ frameworkId: 'f', taskId: 't' }) });
  let isBroken = true;
  const row: MessageForm['row'] = (...given) => {
    if (isBroken) throw new Error('broken');
    return JSON_FORM.row(...given);
  };
  const state = new KeptState(model, { ...JSON_FORM, row }, () => documentsOf(model).refresh());
  const first = state.members();
  isBroken = false;
  const next = state.members();
  await expect(first).rejects.toThrow('broken');
  // The task was to be rendered for the first: it would be missing.
  await expect(next).rejects.toThrow('broken');
});

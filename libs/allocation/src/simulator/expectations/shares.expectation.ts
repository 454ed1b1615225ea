import { objectOf, orNull, readFinite, tableOf } from '../parse/fields.js';
import { difference, type Expectation, isFigure } from './expectation.js';

type Figures = ReadonlyMap<string, number | null>;

const readFigures = tableOf(orNull(readFinite));

const readShares = objectOf((fields) => ({
  roles: fields.optional('roles', readFigures) ?? new Map<string, number | null>(),
  frameworks: fields.optional('frameworks', tableOf(readFigures)) ?? new Map<string, Figures>(),
}));

/** Shares as the sorters compare them, weight included (allocation rules A17, A18). */
export const sharesExpectation: Expectation = {
  field: 'shares',
  parse(value, path) {
    const { roles, frameworks } = readShares(value, path);
    return ({ simulation: { engine } }) => [
      ...compare('shares.roles', roles, (role) => engine.view.roleShare(role)),
      ...[...frameworks].flatMap(([role, figures]) =>
        compare(`shares.frameworks.${role}`, figures, (id) => engine.view.frameworkShare(role, id)),
      ),
    ];
  },
};

function compare(path: string, expected: Figures, find: (name: string) => number | undefined): string[] {
  return [...expected].flatMap(([name, figure]) => {
    const found = find(name);
    return difference(`${path}.${name}`, isFigure(figure, found), figure, found);
  });
}

/** The documentation of the objectives is complete. */
import {readFileSync} from 'node:fs';
import * as objectives from '../../src/objectives/index.js';

const text = readFileSync(new URL('../../docs/objectives.md', import.meta.url), 'utf8');
const sections = new Map(
  text
    .split(/^### /m)
    .slice(1)
    .map(part => [part.split('\n')[0]!, part]),
);

describe('docs/objectives.md', () => {
  it('has a section of every function, with its call', () => {
    for (const name of Object.keys(objectives).filter(n => n !== 'ELBOForms')) {
      expect(sections.get(name))
        .withContext(name)
        .toMatch(new RegExp(`\\n    .*st\\.${name}[.(]`));
    }
  });

  it('has a section of no other but dice, and no link to none', () => {
    expect([...sections.keys()].filter(name => !(name in objectives))).toEqual(['dice']);
    const anchors = [...text.matchAll(/\]\(#([a-z]+)\)/g)].map(match => match[1]!);
    expect(anchors.length).toBeGreaterThan(10);
    for (const anchor of anchors) expect([...sections.keys()].map(name => name.toLowerCase())).toContain(anchor);
  });

  it('names every form of the ELBO', () => {
    for (const form of Object.values(objectives.ELBOForms)) expect(sections.get('elbo')).toContain(`\`${form}\``);
  });
});

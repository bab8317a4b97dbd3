/** What an editor offers where a name is typed, and which options it marks as wrong. */
import ts from 'typescript';

const FILE = 'test/surface/completions.scratch.ts';

/** `¦` marks where somebody types. */
const asked: Record<string, [text: string, offered: string[]]> = {
  'estimators.get': ["st.estimators.get('¦')", ['relax', 'nvil', 'movingAverage', 'critic', 'scoreFunction']],
  DistributionTensor: ["new st.DistributionTensor(q, {estimator: '¦'})", ['relax', 'leaveOneOut', 'critic']],
  expectation: ["st.expectation(x => x as tf.Tensor, q, {estimator: '¦'})", ['relax', 'arm']],
  auditEstimators: ["const e: st.AuditOptions['estimators'] = ['¦']", ['relax', 'dice']],
  scoreFunction: ["st.scoreFunction({baseline: '¦'})", ['learned', 'movingAverage', 'none']],
  'scoreFunction by name': ["st.estimators.get('scoreFunction', {baseline: '¦'})", ['learned', 'normalized']],
  'a baseline by name': ["st.dice({baseline: {name: '¦'}})", ['learned', 'constant']],
  'a layer': ["stl.bernoulli({estimator: '¦'})", ['relax', 'nvil']],
  'a layer, by name and options': ["stl.normal({estimator: {name: '¦'}})", ['relax', 'nvil']],
  'distributions of layers': ["stl.stochastic({distribution: '¦'})", ['bernoulli', 'gumbel', 'exponential']],
};

const right = [
  "st.estimators.get('relax', {temperature: 0.3})",
  "st.estimators.get('pathwise', {})",
  "st.estimators.get('mine', {anything: 1})",
  "new st.DistributionTensor(q, {estimator: 'mine'})",
  "st.scoreFunction({baseline: 'mine'})",
  "st.scoreFunction({baseline: {name: 'mine', config: {anything: 1}}})",
  "st.scoreFunction({baseline: {name: 'movingAverage', config: {decay: 0.9}}})",
  'st.scoreFunction({baseline: st.none()})',
  "stl.bernoulli({estimator: {name: 'mine', config: {anything: 1}}})",
  "stl.bernoulli({estimator: {name: 'relax', config: {temperature: 0.3}}})",
  'stl.bernoulli({estimator: st.relax()})',
  "stl.stochastic({distribution: 'mine'})",
];
const wrong = [
  "st.estimators.get('relax', {temprature: 1})",
  "st.estimators.get('relax', {temperature: 0.3, temprature: 1})",
  "st.estimators.get('relax', {temperature: 'hot'})",
  "st.estimators.get('pathwise', {temperature: 1})",
  "st.estimators.get('nvil', {unit: [3]})",
  "st.scoreFunction({baseline: {name: 'movingAverage', config: {decy: 0.9}}})",
  "st.scoreFunction({baseline: {name: 'movingAverage', config: {decay: 0.9, samples: 2}}})",
  "stl.bernoulli({estimator: {name: 'relax', config: {temprature: 1}}})",
  "stl.bernoulli({estimator: {name: 'relax', config: {temperature: 0.3, temprature: 1}}})",
];

describe('names and options, as they are typed', () => {
  const texts = [...Object.values(asked).map(([text]) => text), ...right, ...wrong];
  const marked =
    "import type * as tf from '@tensorflow/tfjs-core';\nimport * as st from 'tfjs-stochastic';\n" +
    "import * as stl from 'tfjs-stochastic/layers';\ndeclare const q: st.Bernoulli;\nexport type T = tf.Tensor;\n" +
    texts.map(text => `{ ${text}; }\n`).join('');
  const source = marked.replaceAll('¦', '');
  const {config} = ts.readConfigFile('tsconfig.json', path => ts.sys.readFile(path)) as {config: object};
  const {options} = ts.parseJsonConfigFileContent(config, ts.sys, '.');
  const service = ts.createLanguageService({
    getCompilationSettings: () => ({...options, types: [], noUnusedLocals: false}),
    getScriptFileNames: () => [FILE],
    getScriptVersion: () => '1',
    getScriptSnapshot: path => {
      const text = path === FILE ? source : ts.sys.readFile(path);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => process.cwd(),
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: path => path === FILE || ts.sys.fileExists(path),
    readFile: path => ts.sys.readFile(path),
    directoryExists: path => ts.sys.directoryExists(path),
    getDirectories: path => ts.sys.getDirectories(path),
  });

  /** Where the statement of `text` begins. */
  const startOf = (text: string): number => source.indexOf(`{ ${text.replace('¦', '')}; }`) + 2;

  for (const [where, [text, names]] of Object.entries(asked)) {
    it(`are offered by ${where}`, () => {
      const found = service.getCompletionsAtPosition(FILE, startOf(text) + text.indexOf('¦'), {});
      const offered = found?.entries.map(({name}) => name) ?? [];
      for (const name of names) expect(offered).toContain(name);
    });
  }

  it('are refused where an option is misspelt, of the wrong type or of another name, and only there', () => {
    const errors = service.getSemanticDiagnostics(FILE).map(({start}) => start!);
    const refused = (text: string): boolean =>
      errors.some(at => at >= startOf(text) && at < startOf(text) + text.length);
    expect(right.filter(refused)).toEqual([]);
    expect(wrong.filter(text => !refused(text))).toEqual([]);
  });
});

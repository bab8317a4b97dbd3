/** Shaders as they are shipped: the same words and signs without the comments and spaces that are there to be read. */

/** What begins a line in every shader: `dialect.ts` takes them apart there. */
const DECLARATION = /^(?:fn |var<private> )/;

/** A template of which a function of WGSL or GLSL is a part. */
const SHADER = /(?:^|\n)\s*(?:fn (?:\w+\s*\(|$)|var<private> |void main\()/;

/**
 * The texts between the expressions of a template, closer together. At their ends, where an expression goes on, spaces
 * that keep two signs or two words apart stay.
 */
export function tighten(texts) {
  return texts.map(text =>
    text
      .replace(/\/\/[^\n]*/g, '')
      .replace(/\s*\n\s*/g, (space, at, whole) => {
        const [before, after] = [whole[at - 1] ?? '', whole.slice(at + space.length)];
        return after === '' || before === '' || DECLARATION.test(after) || /\w/.test(before) ? '\n' : '';
      })
      .replace(/ (<=|>=|==|!=|&&|\|\||->|[=*/<>?:]) /g, '$1')
      .replace(/(?<=[\w)\]]) ([+-]) (?=[\w(])/g, '$1')
      .replace(/([,;:{}]) /g, '$1')
      .replace(/ ([{}])/g, '$1')
      .replace(/\b(if|for|while|return) \(/g, '$1('),
  );
}

/** A plugin of Babel that does so in all templates that hold shaders. */
export function tightShaders() {
  return {
    visitor: {
      TemplateLiteral({node}) {
        const raws = node.quasis.map(({value}) => value.raw);
        if (raws.some(raw => raw.includes('\\')) || !raws.some(raw => SHADER.test(raw))) return;
        tighten(raws).forEach((raw, i) => (node.quasis[i].value = {raw, cooked: raw}));
      },
    },
  };
}

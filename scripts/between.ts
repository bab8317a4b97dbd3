/** `text` of a file with what lies between `<!-- name -->` and `<!-- /name -->` made anew. */
export function between(file: string, text: string, name: string, made: string): string {
  const pattern = new RegExp(`(<!-- ${name} -->\n)[^]*?(<!-- /${name} -->)`);
  if (!pattern.test(text)) throw new Error(`${file}: there must be the marks <!-- ${name} --> and <!-- /${name} -->`);
  return text.replace(pattern, (_, begin: string, end: string) => `${begin}${made}\n${end}`);
}

import { toHex } from './contrast';

/** The colours of categories as JSON: an object of names. */
export function paletteJson(labels: readonly string[], colors: readonly string[]): string {
  // Not made as an object, which would put numbers first.
  const lines = labels.map((label, code) => `  ${JSON.stringify(label)}: "${toHex(colors[code])}"`);
  return `{\n${lines.join(',\n')}\n}\n`;
}

/** The colours of categories as Python: a dict for scanpy's `palette=`, and how to put it into a file. */
export function palettePython(column: string, labels: readonly string[], colors: readonly string[]): string {
  // Text in JSON is text in Python, too.
  const key = JSON.stringify(column);
  const ofFile = JSON.stringify(`${column}_colors`);
  return (
    `palette = ${paletteJson(labels, colors)}\n` +
    `# sc.pl.umap(adata, color=${key}, palette=palette)\n` +
    `# adata.uns[${ofFile}] = [palette[str(name)] for name in adata.obs[${key}].cat.categories]\n`
  );
}

/** A palette that was pasted. */
export interface PastedPalette {
  /** Colours by the name of a category; null if there are only colours, in the order of the categories. */
  readonly named: ReadonlyMap<string, string> | null;
  readonly colors: readonly string[];
  /** What was meant as a colour, but is none that is understood. */
  readonly refused: readonly string[];
}

/** A quoted text, with a colon if it is a key; as in JSON and Python. */
const QUOTED = /"((?:[^"\\\n]|\\.)*)"(\s*:)?|'((?:[^'\\\n]|\\.)*)'(\s*:)?/g;
const COMMENT = /^\s*#(?![0-9a-f]{3,8}\s*$).*$/gim;

/** Reads an object or a list of JSON or Python, or lines of names and colours. */
export function parsePalette(text: string): PastedPalette {
  const quoted = [...text.replace(COMMENT, '').matchAll(QUOTED)].map(
    ([, double, isKey, single, isOtherKey]) => ({
      text: unescaped(double ?? single),
      isKey: (isKey ?? isOtherKey) !== undefined,
    }),
  );
  const pairs: [string | null, string][] =
    quoted.length > 0
      ? quoted.flatMap(({ text: value, isKey }, at): [string | null, string][] => {
          const before = quoted.at(at - 1);
          if (isKey) return [];
          return [[at > 0 && before?.isKey ? before.text : null, value]];
        })
      : linesOf(text);
  const isNamed = pairs.some(([name]) => name !== null);
  const wanted = isNamed ? pairs.filter(([name]) => name !== null) : pairs;
  const understood = wanted.flatMap(([name, value]) => {
    const color = colorOf(value);
    return color ? [[name ?? '', color] as const] : [];
  });
  return {
    named: isNamed ? new Map(understood) : null,
    colors: understood.map(([, color]) => color),
    refused: wanted.map(([, value]) => value).filter((value) => colorOf(value) === null),
  };
}

/** Lines of a colour, or of a name and a colour with a sign or a space between them. */
function linesOf(text: string): [string | null, string][] {
  return text.split(/[\r\n]+/).flatMap((line): [string | null, string][] => {
    const [, name, color] = /^\s*(.*?)[\s,;:=]*(#[0-9a-f]+)[\s,;]*$/i.exec(line) ?? [];
    if (color) return [[name === '' ? null : name, color]];
    return line.trim() === '' ? [] : [[null, line.trim()]];
  });
}

/** `#rrggbb` of three, six or eight hexadecimal digits, or of `rgb(…)`; null for something else. */
function colorOf(text: string): string | null {
  const [, digits] = /^\s*#([0-9a-f]{3}|[0-9a-f]{6}|[0-9a-f]{8})\s*$/i.exec(text) ?? [];
  if (digits?.length === 3) return `#${[...digits].map((digit) => digit + digit).join('')}`.toLowerCase();
  if (digits) return `#${digits.slice(0, 6)}`.toLowerCase();
  return /^\s*rgb\(\s*\d+\s*,\s*\d+\s*,\s*\d+\s*\)\s*$/i.test(text) ? toHex(text) : null;
}

function unescaped(text: string): string {
  return text.replace(/\\(?:u([0-9a-f]{4})|(.))/gi, (_, code?: string, sign?: string) => {
    if (code) return String.fromCharCode(parseInt(code, 16));
    return { n: '\n', t: '\t', r: '\r' }[sign!] ?? sign!;
  });
}

import { describe, expect, test } from 'vitest';
import { readAbout } from '../../src/bundle/about/about';
import { dataCitation, softwareCitation } from '../../src/state/texts/citation';

describe('a citation of data', () => {
  test('is that of the file, with its DOI', () => {
    const about = readAbout({
      citation: 'Doe et al. (2024), 100 % of_cells,\nhttps://doi.org/10.1000/ex_ample.',
    });
    expect(dataCitation('Blood & more', about)).toEqual({
      text: 'Doe et al. (2024), 100 % of_cells,\nhttps://doi.org/10.1000/ex_ample.',
      bibtex: `@misc{blood_more,
  title = {Blood \\& more},
  note = {Doe et al. (2024), 100 \\% of\\_cells, https://doi.org/10.1000/ex\\_ample.},
  doi = {10.1000/ex_ample},
  url = {https://doi.org/10.1000/ex_ample}
}`,
    });
  });

  test('is made of what is known', () => {
    const about = readAbout({ source: { name: 'Our lab', url: 'https://example.org/{a} b' } });
    expect(dataCitation('Αίμα', about)).toEqual({
      text: 'Αίμα. Our lab. https://example.org/{a} b.',
      bibtex: `@misc{data,
  title = {Αίμα},
  howpublished = {Our lab},
  url = {https://example.org/%7Ba%7D%20b}
}`,
    });
    expect(dataCitation('Blood', readAbout({ doi: '10.1000/x' }))!.text).toBe(
      'Blood. https://doi.org/10.1000/x.',
    );
    expect(dataCitation('Blood', readAbout({ description: 'No more.' }))).toBe(null);
  });

  test('stays BibTeX if it is that', () => {
    const citation = '@article{doe,\n  title = {A}\n}';
    expect(dataCitation('Blood', readAbout({ citation }))).toEqual({ text: citation, bibtex: citation });
  });

  test('does not let text end a field', () => {
    const about = readAbout({ citation: 'x}, url = {javascript:alert(1)} \\input{a} ~^' });
    expect(dataCitation('{', about)!.bibtex).toBe(`@misc{data,
  title = {\\{},
  note = {x\\}, url = \\{javascript:alert(1)\\} \\textbackslash{}input\\{a\\} \\textasciitilde{}\\textasciicircum{}}
}`);
  });
});

test('the program is cited in the version that made the export', () => {
  expect(
    softwareCitation({ generator: 'karospace-stream 0.1.0', createdAt: '2026-11-20T10:00:00Z' }),
  ).toEqual({
    text: 'karospace-stream contributors (2026). karospace-stream, version 0.1.0 [software].',
    bibtex: `@software{karospace-stream,
  author = {{karospace-stream contributors}},
  title = {karospace-stream},
  version = {0.1.0},
  year = {2026}
}`,
  });
  const unknown = softwareCitation({ generator: 'another 2', createdAt: '' });
  expect(unknown.text).toBe('karospace-stream contributors. karospace-stream [software].');
});

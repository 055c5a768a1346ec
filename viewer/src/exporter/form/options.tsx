import { useEffect, useState } from 'preact/hooks';
import { titleOf } from '../../bundle/formats/registry';
import type { Field } from '../model/schema';
import { formatsOf, isForFormats, READING } from '../model/values';
import { problemsAt, soughtField, start, values } from '../state';
import { Option } from './option';
import { Section } from './section';

/** Options that have fields of their own above. */
const ELSEWHERE = new Set(['format', 'genes', 'anno', 'coords', 'name', 'downsample']);
/** The title of a section of options that only some formats have, such as "Only with --format cellucid or anndata". */
const ONLY = /--format (\w+(?: or \w+)*)$/;

/** All other options of the command line, in collapsed sections as in its help. */
export function Options() {
  const formats = formatsOf(values.value);
  const sections = new Map<string, Field[]>();
  for (const field of start.value!.fields) {
    if (ELSEWHERE.has(field.name) || field.section === READING) continue;
    const title = field.section || 'Other options';
    if (!isForFormats(field, formats)) continue;
    sections.set(title, [...(sections.get(title) ?? []), field]);
  }
  return (
    <Section id="options" title="More options">
      {[...sections].map(([title, fields]) => (
        <Fold
          key={title}
          title={title
            .replace(ONLY, (_, names: string) => titlesOf(names))
            .replace(/^Only with /, 'Only for ')}
          fields={fields}
        />
      ))}
    </Section>
  );
}

/** The formats of a title, as people call them: "Cellucid or AnnData". */
function titlesOf(names: string): string {
  return names.split(' or ').map(titleOf).join(' or ');
}

/** A section, which opens automatically if a field in it has an error or is sought. */
export function Fold({ title, fields }: { title: string; fields: readonly Field[] }) {
  const [open, setOpen] = useState(false);
  const wrong = fields.some(({ name }) => problemsAt(name).length > 0);
  const sought = fields.some(({ name }) => name === soughtField.value);
  useEffect(() => {
    if (wrong || sought) setOpen(true);
  }, [wrong, sought]);
  const changed = fields.filter(({ name }) => values.value[name] !== undefined).length;
  return (
    <details class="fold" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        {title}
        {changed > 0 && <span class="badge">{changed} changed</span>}
      </summary>
      {open && (
        <div class="grid">
          {fields.map((field) => (
            <Option key={field.name} field={field} />
          ))}
        </div>
      )}
    </details>
  );
}

import { useEffect, useState } from 'preact/hooks';
import type { Field } from '../model/schema';
import { formatsOf } from '../model/values';
import { problemsAt, start, values } from '../state';
import { Option } from './option';
import { Section } from './section';

/** They have fields of their own above. */
const ELSEWHERE = new Set(['format', 'genes', 'anno', 'coords', 'name', 'downsample']);
const FORMAT = /--format (\w+)/;

/** All other options of the command line, folded away in the sections of its help. */
export function Options() {
  const formats = formatsOf(values.value);
  const sections = new Map<string, Field[]>();
  for (const field of start.value!.fields) {
    if (ELSEWHERE.has(field.name)) continue;
    const title = field.section || 'Other options';
    const format = FORMAT.exec(title)?.[1];
    if (format !== undefined && !formats.has(format)) continue;
    sections.set(title, [...(sections.get(title) ?? []), field]);
  }
  return (
    <Section id="options" title="More options">
      {[...sections].map(([title, fields]) => (
        <Fold
          key={title}
          title={title.replace(FORMAT, '$1').replace(/^With (\w+) only/, 'Only for $1')}
          fields={fields}
        />
      ))}
    </Section>
  );
}

/** Opens automatically if a field in it has an error. */
function Fold({ title, fields }: { title: string; fields: readonly Field[] }) {
  const [open, setOpen] = useState(false);
  const wrong = fields.some(({ name }) => problemsAt(name).length > 0);
  useEffect(() => {
    if (wrong) setOpen(true);
  }, [wrong]);
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

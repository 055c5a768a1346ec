import { FORMATS, titleOf } from '../../bundle/formats/registry';
import type { Field } from '../model/schema';
import { formatsOf, formatTexts, valueOf } from '../model/values';
import { fieldOf, problemsAt, setValue, target, values } from '../state';
import { Option } from './option';
import { PathField } from './path_field';
import { Problems, Section } from './section';

/** The target of the export, and its formats. */
export function Output() {
  const overwrite = fieldOf('overwrite');
  const format = fieldOf('format');
  const replace =
    overwrite &&
    (problemsAt('target').some((text) => text.includes(overwrite.title)) ||
      valueOf(values.value, overwrite) === true);
  return (
    <Section id="output" title="2 · Where it goes">
      <PathField
        name="target"
        label="Output"
        help="A new folder on this machine, or a URL such as s3://bucket/sample. It appears when the export is complete."
        value={target.value}
        wanted="target"
        placeholder="/path/to/bundle"
        onChange={(path) => (target.value = path)}
      />
      {replace && <Option field={overwrite} />}
      {format && <Formats field={format} />}
    </Section>
  );
}

function Formats({ field }: { field: Field }) {
  const chosen = formatsOf(values.value);
  const change = (name: string, target: string | null) => {
    const made = new Map<string, string>(
      FORMATS.flatMap(({ name: each }) => (chosen.has(each) ? [[each, chosen.get(each)!]] : [])),
    );
    if (target === null) made.delete(name);
    else made.set(name, target);
    if (made.size > 0) setValue(field, formatTexts(made));
  };
  return (
    <fieldset class="field" aria-describedby="format-help format-problem">
      <legend>Format</legend>
      <div class="formats">
        {FORMATS.map(({ name, title, summary }) => (
          <label key={name} class="check" title={summary}>
            <input
              type="checkbox"
              checked={chosen.has(name)}
              onChange={(event) => change(name, event.currentTarget.checked ? '' : null)}
            />
            <span>
              {title} <span class="quiet">{summary}</span>
            </span>
          </label>
        ))}
      </div>
      <p id="format-help" class="hint">
        {field.help}
      </p>
      <Problems name="format" />
      {chosen.size > 1 &&
        [...chosen].map(([name, target]) => (
          <PathField
            key={name}
            name={`format-${name}`}
            label={`Separate target for ${titleOf(name)}`}
            help="If empty: a subfolder of the output."
            value={target}
            wanted="target"
            onChange={(path) => change(name, path)}
          />
        ))}
    </fieldset>
  );
}

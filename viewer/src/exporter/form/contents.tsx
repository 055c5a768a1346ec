import { presetOf, withPreset } from '../model/values';
import { fieldOf, start, values } from '../state';
import { Annotations } from './annotations';
import { Coordinates } from './coordinates';
import { Genes } from './genes';
import { Option } from './option';
import { Section } from './section';

/** The contents of the export: presets, genes, annotations, coordinates. */
export function Contents() {
  const genes = fieldOf('genes');
  const anno = fieldOf('anno');
  const coords = fieldOf('coords');
  const name = fieldOf('name');
  const downsample = fieldOf('downsample');
  return (
    <Section id="chosen" title="3 · What is in it">
      <Presets />
      {genes && <Genes field={genes} />}
      {anno && <Annotations field={anno} />}
      {coords && <Coordinates field={coords} />}
      <div class="pair">
        {name && <Option field={name} />}
        {downsample && <Option field={downsample} />}
      </div>
    </Section>
  );
}

function Presets() {
  const { presets, fields } = start.value!;
  const current = presetOf(values.value, presets, fields);
  return (
    <div class="field" role="group" aria-label="Presets">
      <div class="buttons">
        {presets.map((preset) => (
          <button
            key={preset.name}
            type="button"
            aria-pressed={preset.name === current}
            title={preset.help}
            onClick={() => (values.value = withPreset(values.value, preset, fields))}
          >
            {preset.title}
          </button>
        ))}
      </div>
      <p class="hint">
        {presets.find(({ name }) => name === current)?.help ?? 'Your own choices; a preset resets them.'}
      </p>
    </div>
  );
}

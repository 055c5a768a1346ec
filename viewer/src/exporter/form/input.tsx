import { isUrl } from '../model/path';
import { chooseSource, facts, fieldOf, inspecting, source, sourceSettled, start } from '../state';
import { InputContents } from './input_contents';
import { Option } from './option';
import { PathField } from './path_field';
import { Section } from './section';

/** The choice of the input file, and its contents. */
export function Input() {
  const { recent } = start.value!;
  const stores = fieldOf('storage_options');
  return (
    <Section id="input" title="1 · What to export">
      <PathField
        name="source"
        label="Input"
        help="A .h5ad file, a .zarr store or a .zarr.zip on this machine, or a URL such as s3://bucket/sample.h5ad."
        value={source.value}
        wanted="data"
        placeholder="/path/to/sample.h5ad"
        onChange={chooseSource}
        onLeave={() => (sourceSettled.value = true)}
      />
      {source.value === '' && recent.length > 0 && (
        <div class="recent">
          <span class="hint">Opened last:</span>
          <ul>
            {recent.map((path) => (
              <li key={path}>
                <button type="button" class="button text" title={path} onClick={() => chooseSource(path)}>
                  <bdi>{path}</bdi>
                </button>
              </li>
            ))}
          </ul>
        </div>
      )}
      {isUrl(source.value) && stores && <Option field={stores} />}
      {inspecting.value && !facts.value && (
        <p class="hint" role="status">
          Reading the file…
        </p>
      )}
      {facts.value && <InputContents facts={facts.value} />}
    </Section>
  );
}

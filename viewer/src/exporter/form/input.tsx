import { useState } from 'preact/hooks';
import { isUrl } from '../model/path';
import { chooseSources, facts, fieldOf, inspecting, sources, sourceSettled, start } from '../state';
import { InputContents } from './input_contents';
import { Inputs } from './inputs';
import { Option } from './option';
import { PathField } from './path_field';
import { Reading } from './reading';
import { Section } from './section';

const ONE =
  'A .h5ad file, a .zarr store or another input on this machine, or a URL such as s3://bucket/sample.h5ad. ' +
  'A folder of inputs, a pattern such as samples/*.h5ad and a list of paths (.txt, .csv) are read as one data set.';
const SEVERAL = 'All cells are read as one data set; genes are matched by name.';

/** The choice of the inputs, how they are read, and their contents. */
export function Input() {
  const { recent } = start.value!;
  const [adding, setAdding] = useState(false);
  const stores = fieldOf('storage_options');
  const paths = sources.value;
  const [path = ''] = paths;
  return (
    <Section id="input" title="1 · What to export">
      {adding || paths.length > 1 ? (
        <Inputs help={SEVERAL} onSingle={() => setAdding(false)} />
      ) : (
        <PathField
          name="source"
          label="Input"
          help={ONE}
          value={path}
          wanted="data"
          placeholder="/path/to/sample.h5ad"
          onChange={(typed) => chooseSources([typed])}
          onChooseSeveral={chooseSources}
          onLeave={() => (sourceSettled.value = true)}
        />
      )}
      {path !== '' && !adding && paths.length === 1 && (
        <button type="button" class="button small add" onClick={() => setAdding(true)}>
          Add more inputs
        </button>
      )}
      {path === '' && recent.length > 0 && (
        <div class="recent">
          <span class="hint">Opened last:</span>
          <ul>
            {recent.map((each) => (
              <li key={each}>
                <button type="button" class="button text" title={each} onClick={() => chooseSources([each])}>
                  <bdi>{each}</bdi>
                </button>
              </li>
            ))}
          </ul>
        </div>
      )}
      {paths.some(isUrl) && stores && <Option field={stores} />}
      {inspecting.value && !facts.value && (
        <p class="hint" role="status">
          Reading the file…
        </p>
      )}
      {facts.value && <InputContents facts={facts.value} />}
      {path !== '' && <Reading />}
    </Section>
  );
}

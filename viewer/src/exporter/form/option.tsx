import { useState } from 'preact/hooks';
import { Icon } from '../../ui/widgets/icons';
import type { Field } from '../model/schema';
import { valueOf } from '../model/values';
import { Browser } from '../picker/browser';
import { facts, setValue, sources, values } from '../state';
import { PathField } from './path_field';
import { describedBy, isWrong, Problems } from './section';

/** Options that take several files. */
const FILES: Record<string, 'text' | 'image'> = { obs_table: 'text', gene_sets: 'text', image: 'image' };
const PATHS: Record<string, 'folder'> = { scratch: 'folder' };

/** Texts of several sentences. */
const LONG = new Set(['description']);

/** A field for any option of the command line, by its kind. */
export function Option({ field }: { field: Field }) {
  const { title } = field;
  const wanted = PATHS[field.name];
  if (wanted) {
    return (
      <PathField
        name={field.name}
        label={title}
        help={field.help}
        value={String(valueOf(values.value, field))}
        wanted={wanted}
        onChange={(path) => setValue(field, path)}
      />
    );
  }
  return (
    <div class={`field option ${LONG.has(field.name) ? 'long' : field.kind}`}>
      {field.kind === 'switch' ? (
        <Switch field={field} title={title} />
      ) : (
        <>
          <label for={`field-${field.name}`}>{title}</label>
          <Entry field={field} />
        </>
      )}
      <p id={`${field.name}-help`} class="hint">
        {field.help}
      </p>
      <Problems name={field.name} />
    </div>
  );
}

/** An example of a value, if the option has one that says more than TEXT or SIZE. */
function exampleOf({ metavar }: Field): string {
  return /[a-z0-9]/.test(metavar) ? metavar : '';
}

function Switch({ field, title }: { field: Field; title: string }) {
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={valueOf(values.value, field) === true}
        aria-describedby={describedBy(field.name)}
        onChange={(event) => setValue(field, event.currentTarget.checked)}
      />
      <span>{title}</span>
    </label>
  );
}

function Entry({ field }: { field: Field }) {
  if (field.kind === 'choice') return <Choice field={field} />;
  if (field.kind === 'list') return <Several field={field} />;
  if (field.kind === 'numbers') return <Numbers field={field} />;
  if (LONG.has(field.name)) return <LongText field={field} />;
  return <Text field={field} />;
}

function Choice({ field }: { field: Field }) {
  return (
    <select
      id={`field-${field.name}`}
      aria-describedby={describedBy(field.name)}
      value={String(valueOf(values.value, field))}
      onChange={(event) => setValue(field, event.currentTarget.value)}
    >
      {field.default === null && <option value="">Automatic</option>}
      {field.choices.map((choice) => (
        <option key={choice} value={choice}>
          {choice}
        </option>
      ))}
    </select>
  );
}

function Text({ field }: { field: Field }) {
  const known = suggestions(field.name);
  return (
    <>
      <input
        id={`field-${field.name}`}
        type="text"
        inputMode={field.kind === 'integer' ? 'numeric' : field.kind === 'number' ? 'decimal' : 'text'}
        autocomplete="off"
        spellcheck={false}
        placeholder={exampleOf(field)}
        list={known.length > 0 ? `known-${field.name}` : undefined}
        aria-describedby={describedBy(field.name)}
        aria-invalid={isWrong(field.name)}
        value={String(valueOf(values.value, field))}
        onInput={(event) => setValue(field, event.currentTarget.value)}
      />
      <Known name={field.name} known={known} />
    </>
  );
}

function LongText({ field }: { field: Field }) {
  return (
    <textarea
      id={`field-${field.name}`}
      rows={4}
      aria-describedby={describedBy(field.name)}
      aria-invalid={isWrong(field.name)}
      value={String(valueOf(values.value, field))}
      onInput={(event) => setValue(field, event.currentTarget.value)}
    />
  );
}

/** A list of entries, each of which can be removed. */
function Several({ field }: { field: Field }) {
  const [typed, setTyped] = useState('');
  const [browsing, setBrowsing] = useState(false);
  const value = valueOf(values.value, field);
  const chosen = Array.isArray(value) ? value.map(String) : [];
  const files = FILES[field.name];
  const known = suggestions(field.name).filter((name) => !chosen.includes(name));
  const add = (text: string) => {
    if (text.trim() === '') return;
    setValue(field, [...chosen, text.trim()]);
    setTyped('');
  };
  return (
    <div class="several">
      {chosen.length > 0 && (
        <ul class="chips" aria-label={`${field.title}: chosen`}>
          {chosen.map((text, index) => (
            <li key={text}>
              <span title={text}>{field.name === 'storage_options' ? hidden(text) : text}</span>
              <button
                type="button"
                aria-label={`Take ${index + 1} out`}
                onClick={() =>
                  setValue(
                    field,
                    chosen.filter((_, each) => each !== index),
                  )
                }
              >
                <Icon name="close" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <div class="line">
        <input
          id={`field-${field.name}`}
          type="text"
          autocomplete="off"
          spellcheck={false}
          placeholder={exampleOf(field)}
          list={known.length > 0 ? `known-${field.name}` : undefined}
          aria-describedby={describedBy(field.name)}
          aria-invalid={isWrong(field.name)}
          value={typed}
          onInput={(event) => setTyped(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return;
            event.preventDefault();
            add(typed);
          }}
        />
        <button type="button" class="button" disabled={typed.trim() === ''} onClick={() => add(typed)}>
          Add
        </button>
        {files && (
          <button
            type="button"
            class="button"
            aria-label={`Browse: ${field.title}`}
            onClick={() => setBrowsing(true)}
          >
            Browse…
          </button>
        )}
      </div>
      <Known name={field.name} known={known} />
      {browsing && files && (
        <Browser
          title={field.title}
          wanted={files}
          from={chosen[chosen.length - 1] ?? sources.peek()[0] ?? ''}
          onChoose={(path) => {
            add(path);
            setBrowsing(false);
          }}
          onClose={() => setBrowsing(false)}
        />
      )}
    </div>
  );
}

/** Hides the value of a secret; its key may be seen. */
function hidden(text: string): string {
  const at = text.indexOf('=');
  return at < 0 ? text : `${text.slice(0, at)}=…`;
}

function Numbers({ field }: { field: Field }) {
  const value = valueOf(values.value, field);
  const given = Array.isArray(value) ? value.map(String) : [];
  const words = field.metavar.split(' ');
  const set = (index: number, text: string) => {
    const made = Array.from({ length: field.n_values }, (_, each) =>
      each === index ? text : (given[each] ?? ''),
    );
    setValue(field, made);
  };
  return (
    <div class="line">
      {Array.from({ length: field.n_values }, (_, index) => (
        <input
          key={index}
          id={index === 0 ? `field-${field.name}` : undefined}
          type="text"
          inputMode="decimal"
          aria-label={`${field.title}: ${words[index] ?? index + 1}`}
          aria-describedby={describedBy(field.name)}
          placeholder={words[index] ?? ''}
          value={given[index] ?? ''}
          onInput={(event) => set(index, event.currentTarget.value)}
        />
      ))}
    </div>
  );
}

function Known({ name, known }: { name: string; known: readonly string[] }) {
  if (known.length === 0) return null;
  return (
    <datalist id={`known-${name}`}>
      {known.map((text) => (
        <option key={text} value={text} />
      ))}
    </datalist>
  );
}

/** Names in the file that are values of an option. */
function suggestions(name: string): readonly string[] {
  const holds = facts.value;
  if (!holds) return [];
  const keys = holds.obsm.map(({ key }) => key);
  const layers = holds.matrices.map((matrix) => matrix.name).filter((each) => each.startsWith('layers/'));
  const known: Record<string, readonly string[]> = {
    graph: ['auto', 'none', ...holds.obsp],
    vectors: ['none', ...keys],
    points: keys,
    latent: keys,
    layer: layers.map((each) => each.slice('layers/'.length)),
    gene_names: ['auto', 'index', ...holds.var.map((column) => column.name)],
  };
  return known[name] ?? [];
}

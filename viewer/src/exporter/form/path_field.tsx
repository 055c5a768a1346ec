import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { ask } from '../api';
import { PATHS } from '../model/schema';
import { isUrl } from '../model/path';
import { Browser, type Wanted } from '../picker/browser';
import { describedBy, isWrong, Problems } from './section';

interface PathFieldProps {
  name: string;
  label: string;
  help: string;
  value: string;
  wanted: Wanted;
  placeholder?: string;
  onChange: (path: string) => void;
  /** Called with several paths that are picked at once; without it, only one can be. */
  onChooseSeveral?: (paths: readonly string[]) => void;
  /** Called when the field is left, or a path is picked. */
  onLeave?: () => void;
}

const COMPLETE_AFTER_MS = 120;

/** A field for a path, which is typed with completion or picked; or for a URL. */
export function PathField({
  name,
  label,
  help,
  value,
  wanted,
  placeholder,
  onChange,
  onChooseSeveral,
  onLeave,
}: PathFieldProps) {
  const [browsing, setBrowsing] = useState(false);
  const [typed, setTyped] = useState<string | null>(null);
  const [at, setAt] = useState(-1);
  const found = useCompletion(typed);
  const list = useId();
  const field = useRef<HTMLInputElement>(null);
  const open = typed !== null && found.length > 0;

  const take = (path: string, more: boolean) => {
    setAt(-1);
    setTyped(more ? path : null);
    onChange(path);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!open) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setAt((at + step + found.length + 1) % (found.length + 1));
    } else if (event.key === 'Escape') {
      setTyped(null);
    } else if (event.key === 'Enter' || (event.key === 'Tab' && !event.shiftKey && at >= 0)) {
      const chosen = found[at];
      if (chosen === undefined) return setTyped(null);
      event.preventDefault();
      take(chosen, /[/\\]$/.test(chosen));
    }
  };

  return (
    <div class="field path">
      <label for={`field-${name}`}>{label}</label>
      <div class="line">
        <div class="combo">
          <input
            id={`field-${name}`}
            ref={field}
            type="text"
            role="combobox"
            autocomplete="off"
            spellcheck={false}
            placeholder={placeholder}
            aria-expanded={open}
            aria-controls={list}
            aria-autocomplete="list"
            aria-describedby={describedBy(name)}
            aria-invalid={isWrong(name)}
            aria-activedescendant={open && at >= 0 ? `${list}-${at}` : undefined}
            value={value}
            onInput={(event) => {
              setTyped(event.currentTarget.value);
              setAt(-1);
              onChange(event.currentTarget.value);
            }}
            onKeyDown={onKeyDown}
            onBlur={(event) => {
              setTyped(null);
              if (event.currentTarget.value !== '') onLeave?.();
            }}
          />
          {open && (
            <ul id={list} class="options" role="listbox" aria-label={`${label}: suggestions`}>
              {found.map((path, row) => (
                <li
                  key={path}
                  id={`${list}-${row}`}
                  role="option"
                  aria-selected={row === at}
                  title={path}
                  onPointerDown={(event) => {
                    event.preventDefault();
                    take(path, /[/\\]$/.test(path));
                  }}
                >
                  <bdi>{path}</bdi>
                </li>
              ))}
            </ul>
          )}
        </div>
        <button
          type="button"
          class="button"
          onClick={() => setBrowsing(true)}
          aria-label={`Browse: ${label}`}
        >
          Browse…
        </button>
      </div>
      <p id={`${name}-help`} class="hint">
        {help}
      </p>
      <Problems name={name} />
      {browsing && (
        <Browser
          title={label}
          wanted={wanted}
          from={isUrl(value) ? '' : value}
          onChoose={(path) => {
            onChange(path);
            onLeave?.();
            setBrowsing(false);
            field.current?.focus();
          }}
          onChooseSeveral={
            onChooseSeveral &&
            ((paths) => {
              onChooseSeveral(paths);
              onLeave?.();
              setBrowsing(false);
            })
          }
          onClose={() => setBrowsing(false)}
        />
      )}
    </div>
  );
}

function useCompletion(typed: string | null): readonly string[] {
  const [found, setFound] = useState<readonly string[]>([]);
  useEffect(() => {
    setFound([]);
    if (!typed || isUrl(typed)) return undefined;
    const controller = new AbortController();
    const timer = setTimeout(() => {
      ask('complete', PATHS, { text: typed }, controller.signal).then(
        ({ paths }) => setFound(paths.filter((path) => path !== typed)),
        () => setFound([]), // Completion is optional: the path can be typed without it.
      );
    }, COMPLETE_AFTER_MS);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [typed]);
  return found;
}

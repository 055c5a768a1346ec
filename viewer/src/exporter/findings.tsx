import { goTo } from './go_to';
import { remedyOf } from './model/remedy';
import type { Finding } from './model/schema';
import { fieldOf, setValue, values } from './state';

/** The program's findings about the input, each with a button that acts on it. */
export function Findings({ findings }: { findings: readonly Finding[] }) {
  if (findings.length === 0) return null;
  return (
    <ul class="findings" aria-label="Noticed">
      {findings.map((finding) => (
        <li key={finding.text} class="note">
          {finding.text} <Change finding={finding} />
        </li>
      ))}
    </ul>
  );
}

function Change({ finding }: { finding: Finding }) {
  const remedy = remedyOf(finding, values.value, fieldOf);
  if (remedy) {
    return (
      <button type="button" class="text" onClick={() => setValue(remedy.field, remedy.value)}>
        {remedy.words}
      </button>
    );
  }
  const field = fieldOf(finding.option);
  return field ? (
    <button type="button" class="text" onClick={() => goTo(field.name)}>
      Change “{field.title}”
    </button>
  ) : null;
}

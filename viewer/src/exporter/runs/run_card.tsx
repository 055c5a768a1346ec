import { useState } from 'preact/hooks';
import { formatCount } from '../../state/texts/format';
import { ask, wordsOf } from '../api';
import { canRepeat, currentStage, isActive, lastName, stateWord } from '../model/runs';
import { NOTHING, type Run } from '../model/schema';
import { formatBytes, formatSeconds } from '../model/units';
import { fieldOf, values } from '../state';
import { Log } from './log';
import { Results } from './results';

const SECRETS = 'storage_options';

/** One export: its state and progress, and the buttons that control it. */
export function RunCard({ run }: { run: Run }) {
  const [problem, setProblem] = useState('');
  const act = (name: string, more: object = {}) => {
    setProblem('');
    ask(name, NOTHING, { id: run.id, ...more }).catch((error: unknown) => setProblem(wordsOf(error)));
  };
  const secrets = values.value[SECRETS] ? { [SECRETS]: values.value[SECRETS] } : {};
  return (
    <article id={`run-${run.id}`} class={`run ${run.state}`} aria-label={`Export to ${run.target}`}>
      <header>
        <h3 title={run.target}>{lastName(run.target)}</h3>
        <span class={`badge ${run.state}`}>{stateWord(run.state)}</span>
      </header>
      <p class="quiet path-text" title={`${run.source.join('\n')} → ${run.target}`}>
        <bdi>{run.source[0]}</bdi>
        {run.source.length > 1 && ` and ${run.source.length - 1} more`} → <bdi>{run.target}</bdi>
      </p>
      {isActive(run) && <Going run={run} />}
      {run.problem && (
        <p class="problem" role="alert">
          {run.problem.message}
        </p>
      )}
      {run.state === 'interrupted' && !run.problem && (
        <p class="hint">The exporter was stopped before this export was done.</p>
      )}
      {run.report && <Results run={run} report={run.report} onProblem={setProblem} />}
      {problem && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      <div class="line wrap">
        {(run.state === 'running' || run.state === 'waiting') && (
          <button type="button" class="button small" onClick={() => act('cancel')}>
            Cancel
          </button>
        )}
        {canRepeat(run) && (
          <button type="button" class="button small" onClick={() => act('resume', { values: secrets })}>
            {run.state === 'interrupted' && fieldOf('resume') ? 'Resume' : 'Start again'}
          </button>
        )}
        {!isActive(run) && (
          <button type="button" class="button small" onClick={() => act('remove')}>
            Remove from the list
          </button>
        )}
      </div>
      <Log run={run} />
    </article>
  );
}

function Going({ run }: { run: Run }) {
  const share = run.total > 0 ? run.done / run.total : undefined;
  const stage = currentStage(run);
  const facts = [
    run.rate !== null && `${run.rate.toPrecision(2)} tasks/s`,
    run.eta_s !== null && `about ${formatSeconds(run.eta_s)} left`,
    run.memory_nbytes > 0 && `memory ${formatBytes(run.memory_nbytes)}`,
  ].filter(Boolean);
  return (
    <div class="going">
      <p>
        {run.state === 'waiting' ? 'Waiting for its turn' : run.state === 'stopping' ? 'Cleaning up' : stage}
        {run.total > 0 && (
          <span class="quiet">
            {' '}
            · {formatCount(run.done)} of {formatCount(run.total)} tasks
          </span>
        )}
      </p>
      {run.state !== 'waiting' && (
        <progress aria-label="Done" {...(share !== undefined && { value: share })} />
      )}
      <p class="quiet" role="status">
        {facts.join(' · ')}
      </p>
      {run.stages.length > 0 && (
        <ul class="stages" aria-label="Stages">
          {run.stages.map(({ name, done, total }) => (
            <li key={name} class={done === total ? 'through' : ''}>
              <span>{name}</span>
              <span>
                {formatCount(done)}/{formatCount(total)}
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

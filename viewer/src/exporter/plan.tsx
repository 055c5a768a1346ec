import { effect } from '@preact/signals';
import { useState } from 'preact/hooks';
import { formatCount, formatCounted } from '../state/texts/format';
import { Snippets } from './copy';
import { Findings } from './findings';
import { goTo } from './go_to';
import { LeftOutParts } from './left_out';
import type { Plan as Made, Problem } from './model/schema';
import { formatBytes, formatRange, formatSeconds } from './model/units';
import { coordinatesName } from './model/coordinates';
import { isActive } from './model/runs';
import { runs } from './runs/run_state';
import { addRun, planned, planning, problems, ready, sources, target } from './state';

const STRATEGIES: Readonly<Record<string, string>> = {
  pass: 'read gene by gene, as stored',
  memory: 'transposed in memory',
  spill: 'transposed through scratch files',
};

/** The plan: cost and size of the export, updated on every change. */
export function Plan() {
  const made = planned.value;
  const wrong = problems.value;
  return (
    <section class="part plan" aria-labelledby="plan-title" aria-busy={planning.value}>
      <h2 id="plan-title">What it will take</h2>
      {sources.value.length === 0 && <p class="hint">Choose an input to see what its export will take.</p>}
      {made?.plan && <Numbers plan={made.plan} />}
      {wrong.length > 0 && <Wrong problems={wrong} />}
      {made?.plan && <Findings findings={made.plan.findings} />}
      {made?.plan && <LeftOutParts lists={made.plan.left_out} />}
      <Begin />
      {made && <Snippets command={made.command} python={made.python} />}
    </section>
  );
}

function Numbers({ plan }: { plan: Made }) {
  const share = Math.min(1, plan.peak_nbytes / plan.budget_nbytes);
  return (
    <dl class="facts numbers" aria-label="The plan">
      <Pair name="Cells × genes" value={`${formatCount(plan.n_cells)} × ${formatCount(plan.n_genes)}`} />
      <Pair name="Time" value={`about ${formatSeconds(plan.seconds)}`} />
      <div>
        <dt>Memory</dt>
        <dd>
          {formatBytes(plan.peak_nbytes)}{' '}
          <span class="quiet">of {formatBytes(plan.budget_nbytes)} allowed</span>
          <meter min={0} max={1} value={share} aria-label="Share of the allowed memory" />
        </dd>
      </div>
      <Pair
        name="Scratch"
        value={plan.scratch_nbytes > 0 ? `${formatBytes(plan.scratch_nbytes)} at most` : 'none'}
      />
      <Pair
        name="Output"
        value={`${formatCounted(plan.n_objects, 'file')}, ${formatRange(plan.output_range_nbytes)}`}
      />
      <Pair
        name="Matrix"
        value={plan.n_genes > 0 ? (STRATEGIES[plan.strategy] ?? plan.strategy) : 'not read'}
      />
      <Pair name="Workers" value={String(plan.workers)} />
      {plan.coordinates ? (
        <Pair name="Shown first" value={coordinatesName(plan.coordinates)} />
      ) : (
        <Pair name="Embeddings" value={plan.embeddings.join(', ') || 'none'} />
      )}
      <Pair name="Annotations" value={plan.columns.join(', ') || 'none'} />
      <Pair name="Graph" value={plan.graph ?? 'none'} />
      <Pair name="Vectors" value={plan.vectors.join(', ') || 'none'} />
    </dl>
  );
}

function Pair({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

/** Links to the fields with problems, and the problems that belong to no field. */
function Wrong({ problems: wrong }: { problems: readonly Problem[] }) {
  return (
    <div class="wrong" role="alert">
      <ul aria-label="Problems to correct">
        {wrong.map(({ field, message }) => (
          <li key={message}>
            {message}{' '}
            {field && (
              <button type="button" class="text" onClick={() => goTo(field)}>
                Show
              </button>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Scrolls to the run once it is listed, since it may be out of view. */
function showRun(id: string | null): void {
  if (id === null) return;
  const look = () => document.getElementById(`run-${id}`);
  const stop = effect(() => {
    if (!runs.value.some((run) => run.id === id)) return;
    requestAnimationFrame(() => {
      look()?.scrollIntoView({ block: 'nearest', behavior: 'smooth' });
      stop();
    });
  });
}

function Begin() {
  const [asking, setAsking] = useState(false);
  const active = runs.value.filter(isActive).length;
  const missing = sources.value.length === 0 || target.value === '';
  return (
    <div class="begin">
      <button
        type="button"
        class="button primary"
        disabled={!ready.value || missing || asking}
        onClick={() => {
          setAsking(true);
          void addRun()
            .then(showRun)
            .finally(() => setAsking(false));
        }}
      >
        {active > 0 ? 'Add to the queue' : 'Export'}
      </button>
      {sources.value.length > 0 && target.value === '' && <span class="hint">Choose where it goes.</span>}
      {planning.value && (
        <span class="hint" role="status">
          Planning…
        </span>
      )}
    </div>
  );
}

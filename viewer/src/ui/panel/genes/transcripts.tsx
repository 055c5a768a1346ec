import { useEffect, useMemo } from 'preact/hooks';
import { MOST_GENES, type Extent, type ShownTranscripts } from '../../../state/drawing/transcripts';
import type { TranscriptGenes } from '../../../bundle/tissue';
import { formatCount, formatCounted } from '../../../state/texts/format';
import type { Session } from '../../../state/session';
import { Icon } from '../../widgets/icons';
import { NameField } from '../controls/name_search';
import { Section } from '../controls/section';
import { Slider, times } from '../controls/slider';
import { Toggle } from '../controls/toggle';

const EXTENTS: Record<Exclude<Extent, 'none'>, string> = {
  elsewhere: 'They are drawn over the tissue: choose its embedding under View.',
  loading: 'Loading …',
  sample: 'A sample is shown: zoom in for all.',
  all: 'All in view are shown.',
};

/** Chooses genes whose transcripts are drawn over the tissue. */
export function Transcripts({ session }: { session: Session }) {
  const { transcripts } = session;
  const { all } = transcripts;
  useEffect(() => {
    if (all) transcripts.load().catch((error: unknown) => session.report(error));
  }, [all]);
  if (!all) return null;
  const chosen = transcripts.chosen.value;
  return (
    <Section id="transcripts" title="Transcripts">
      <p class="quiet">{formatCount(all.n)} molecules, each seen where it was.</p>
      <Search transcripts={transcripts} />
      {chosen.length > 0 && (
        <>
          <Legend transcripts={transcripts} />
          <Toggle label="Show them" value={transcripts.isShown} />
          <Slider
            label="Size of a transcript"
            value={transcripts.size}
            minimum={0.5}
            maximum={4}
            step={0.1}
            format={times}
          />
        </>
      )}
      <p class="quiet" role="status">
        {transcripts.extent.value === 'none' ? '' : EXTENTS[transcripts.extent.value]}
      </p>
    </Section>
  );
}

function Search({ transcripts }: { transcripts: ShownTranscripts }) {
  const genes = transcripts.genes.value;
  const counts = useMemo(() => genes?.counts.map((count) => `${formatCount(count)}`), [genes]);
  // Controls and blank codewords are no genes of the expression: they come last.
  const ranks = useMemo(() => genes && { ranks: ranksOf(genes), by: 'exported genes' }, [genes]);
  const first = useMemo(() => (genes ? byExport(genes) : undefined), [genes]);
  const chosen = transcripts.chosen.value;
  const taken = useMemo(() => {
    const numbers = new Set(chosen.map(({ gene }) => gene));
    return (gene: number) => !numbers.has(gene);
  }, [chosen]);
  const isFull = chosen.length >= MOST_GENES;
  const placeholder = genes ? `Search ${formatCounted(genes.names.length, 'gene')}` : 'Loading …';
  return (
    <div class="field">
      <NameField
        id="transcript-field"
        label="Add a gene"
        things="Genes with transcripts"
        names={genes?.names ?? null}
        others={counts}
        ranks={ranks}
        first={first}
        only={taken}
        current=""
        placeholder={isFull ? `${MOST_GENES} genes are the most` : placeholder}
        disabled={isFull}
        none="No gene of the transcripts has a name that contains this"
        onChoose={(gene) => transcripts.add(gene)}
      />
    </div>
  );
}

function Legend({ transcripts }: { transcripts: ShownTranscripts }) {
  return (
    <ul class="chips transcripts" aria-label="Genes whose transcripts are shown">
      {transcripts.chosen.value.map(({ gene, name, n, color }) => (
        <li key={gene}>
          <input
            type="color"
            class="swatch"
            value={color}
            aria-label={`Colour of the transcripts of ${name}`}
            onInput={(event) => transcripts.recolor(gene, event.currentTarget.value)}
          />
          <span title={name}>
            <b>{name}</b> {formatCount(n)}
          </span>
          <button
            type="button"
            aria-label={`Remove the transcripts of ${name}`}
            onClick={() => transcripts.remove(gene)}
          >
            <Icon name="close" />
          </button>
        </li>
      ))}
    </ul>
  );
}

function ranksOf({ genes }: TranscriptGenes): number[] {
  return genes.map((gene) => (gene < 0 ? 1 : 0));
}

function byExport({ genes }: TranscriptGenes): number[] {
  const numbers = [...genes.keys()];
  return [...numbers.filter((at) => genes[at] >= 0), ...numbers.filter((at) => genes[at] < 0)];
}

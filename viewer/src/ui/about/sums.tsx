import { useState } from 'preact/hooks';
import type { SumsFile } from '../../bundle/bundle';
import { ViewerError } from '../../bytes/errors';
import { formatCounted, formatNbytes } from '../../state/texts/format';
import { fileStem, save } from '../page/save';

/** What the file of sums holds, and a button that saves it. */
export function Sums({ sums, of }: { sums: SumsFile; of: string }) {
  const [state, setState] = useState<{ isLoading: boolean; failure: string }>({
    isLoading: false,
    failure: '',
  });
  const combinations = formatCounted(sums.nCombinations, 'combination');
  const onClick = async () => {
    setState({ isLoading: true, failure: '' });
    try {
      save(new Blob([await sums.load()], { type: 'application/x-hdf5' }), `${fileStem(of)}_${sums.name}`);
      setState({ isLoading: false, failure: '' });
    } catch (error) {
      setState({ isLoading: false, failure: error instanceof ViewerError ? error.message : String(error) });
    }
  };
  return (
    <>
      <button
        type="button"
        class="save"
        title="Save the sums"
        disabled={state.isLoading}
        onClick={() => void onClick()}
      >
        {sums.name}
      </button>
      {`, ${formatNbytes(sums.nBytes)}: ${sums.matrix} summed by ${sums.columns.join(', ')} (${combinations})`}
      {state.failure && <span class="failure"> {state.failure}</span>}
    </>
  );
}

import type { RefObject } from 'preact';
import type { Session } from '../../../state/session';
import { Icon } from '../../widgets/icons';
import { fileStem, save } from '../../page/save';
import { pngOf, svgOf } from './save_plot';

interface SaveButtonsProps {
  session: Session;
  picture: RefObject<SVGSVGElement | null>;
  /** Of the file names, after the name of the bundle. */
  stem: string;
  csv: () => string;
}

/** Saves a plot as an image, and its numbers. */
export function SaveButtons({ session, picture, stem, csv }: SaveButtonsProps) {
  const name = fileStem(`${session.bundle.name}_${stem}`);
  const failed = (error: unknown) => (session.problem.value = error);
  return (
    <>
      <button
        type="button"
        class="button"
        title="Save as a vector image, in the size that “Image” has"
        onClick={() => save(svgOf(picture.current!), `${name}.svg`)}
      >
        <Icon name="download" /> SVG
      </button>
      <button
        type="button"
        class="button"
        title="Save as pixels, in the size and resolution that “Image” has"
        onClick={() => void pngOf(picture.current!).then((png) => save(png, `${name}.png`), failed)}
      >
        PNG
      </button>
      <button
        type="button"
        class="button"
        title="Save the numbers"
        onClick={() => save(new Blob([csv()], { type: 'text/csv' }), `${name}.csv`)}
      >
        CSV
      </button>
    </>
  );
}

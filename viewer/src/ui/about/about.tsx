import { useEffect, useRef } from 'preact/hooks';
import type { About as Texts, Values } from '../../bundle/about/about';
import type { Bundle } from '../../bundle/bundle';
import { License, Linked, NamedLink } from './linked';
import { Made, useLoaded } from './made';
import { Row } from './row';
import { valuesText } from './values_text';

interface AboutProps {
  bundle: Bundle;
  onClose: () => void;
}

/** A dialog about the data: what they are, where they come from, and how the export was made. */
export function About({ bundle, onClose }: AboutProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const text = useRef<HTMLDivElement>(null);
  const about = useLoaded(() => bundle.about());
  const receipt = useLoaded(() => bundle.receipt());
  useEffect(() => {
    dialog.current?.showModal();
    text.current?.focus();
  }, []);
  const isLoading = !about.value || (!receipt.value && !receipt.failure);
  return (
    <dialog ref={dialog} class="card help about" onClose={onClose} aria-label="About this data">
      <div
        ref={text}
        class="text"
        role="region"
        aria-label="About this data"
        tabIndex={0}
        aria-busy={isLoading}
      >
        <p class="quiet">About this data</p>
        <h2 dir="auto">{bundle.title}</h2>
        {about.value && (
          <Description
            about={about.value}
            values={about.value.values ?? receipt.value?.values}
            bundle={bundle}
          />
        )}
        <h3>How it was exported</h3>
        {receipt.value && <Made bundle={bundle} receipt={receipt.value} />}
        {receipt.failure && <p class="failure">{receipt.failure}</p>}
        {isLoading && <p class="quiet">Loading …</p>}
      </div>
      <form method="dialog">
        <button class="button primary" type="submit">
          Close
        </button>
      </form>
    </dialog>
  );
}

interface DescriptionProps {
  about: Texts;
  values: Values | null | undefined;
  bundle: Bundle;
}

function Description({ about, values, bundle }: DescriptionProps) {
  const { description, citation, license, doi, source, organism, schema } = about;
  return (
    <>
      {description && (
        <p class="description" dir="auto">
          <Linked text={description} />
        </p>
      )}
      <dl>
        <Row label="Name">{bundle.name !== bundle.title && bundle.name}</Row>
        <Row label="Cite as">{citation && <Linked text={citation} />}</Row>
        <Row label="DOI">{doi && <Linked text={doi} />}</Row>
        <Row label="Licence">{license && <License text={license} />}</Row>
        <Row label="Source">{(source.name || source.url) && <NamedLink {...source} />}</Row>
        <Row label="Organism">{organism}</Row>
        <Row label="Values">{values && valuesText(values)}</Row>
        <Row label="Schema">
          {(schema.version || schema.reference) && (
            <NamedLink name={schema.version && `version ${schema.version}`} url={schema.reference} />
          )}
        </Row>
      </dl>
    </>
  );
}

/** The button beside the title that opens the dialog. */
export function AboutButton({ onClick }: { onClick: () => void }) {
  return (
    <button type="button" class="text about-button" title="About this data" onClick={onClick}>
      About<span class="unseen"> this data</span>
    </button>
  );
}

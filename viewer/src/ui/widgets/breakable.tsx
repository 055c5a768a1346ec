/** Letters after which a name may continue on the next line. */
const ENDS = /(?<=[_.\-/:|,+])(?=[^_.\-/:|,+\s])/;

/** A name that breaks between its words, rather than inside one. */
export function Breakable({ text }: { text: string }) {
  return (
    <>
      {text.split(ENDS).map((word, at) => (
        <>
          {at > 0 && <wbr />}
          {word}
        </>
      ))}
    </>
  );
}

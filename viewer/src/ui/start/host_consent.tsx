import { Card } from './card';
import { declineHost, openAgreed } from './phase';

/** Asks before a link is followed to another host, which is named as in the request: in ASCII, with its port. */
export function HostConsent({ url }: { url: URL }) {
  return (
    <Card title="Open data from another host?" role="alert">
      <p>
        This link loads data from <strong class="host">{url.host}</strong>. Open it?
      </p>
      <p class="quiet">
        That host will learn your network address and that you opened this page. This page shows the data that
        it sends, but never runs them as a program.
      </p>
      <div class="ways">
        <button type="button" class="button primary" onClick={() => openAgreed(url)}>
          Open it
        </button>
        <button type="button" class="button" onClick={() => declineHost(url)}>
          Do not open
        </button>
      </div>
    </Card>
  );
}

// The front end of a View: a frame with the page, and messages between it and the kernel.

const PATIENCE_MS = 5000;

export default { render };

function render({ model, el }) {
  const frame = document.createElement('iframe');
  frame.title = 'KaroSpace';
  frame.allow = 'fullscreen';
  frame.style.cssText = 'display: block; width: 100%; border: 0;';
  frame.style.height = `${model.get('_height')}px`;
  const note = document.createElement('p');
  note.setAttribute('role', 'status');
  el.replaceChildren(frame, note);

  const colour = () => {
    const { asked } = model.get('_colour');
    if (asked) frame.contentWindow?.postMessage({ type: 'karospace:colour', ...asked }, '*');
  };
  let listens = false;
  const hear = (event) => {
    if (event.source !== frame.contentWindow) return;
    if (event.data?.type === 'karospace:groups') sendGroups(model, event.data);
    if (event.data?.type !== 'karospace:selection') return;
    const cells = rowsOf(event.data);
    if (!Array.isArray(cells) && !ArrayBuffer.isView(cells)) return;
    model.send({ type: 'selection' }, undefined, [littleEndian(cells)]);
    // The page tells its selection once as soon as it listens; what was asked before was not heard.
    if (!listens) {
      listens = true;
      colour();
    }
  };
  window.addEventListener('message', hear);
  model.on('change:_colour', colour);

  findPage(model.get('_port'), model.get('_path')).then((url) => {
    if (url === null) {
      frame.remove();
      note.setAttribute('role', 'alert');
      note.textContent = `The viewer cannot be reached from this browser. ${model.get('_advice')}`;
    } else {
      frame.src = withEmbedding(url);
    }
  });

  return () => {
    window.removeEventListener('message', hear);
    model.off('change:_colour', colour);
  };
}

/** Numbers of cells in the order of the source; older pages tell only those of a bundle in that order. */
function rowsOf({ rows, cells }) {
  return rows ?? cells;
}

/** The groups of the page: their names, and a buffer of cells for each. */
function sendGroups(model, { groups, nCells }) {
  if (!Array.isArray(groups) || !groups.every((each) => Array.isArray(rowsOf(each)))) return;
  const names = groups.map(({ name }) => String(name));
  const buffers = groups.map((each) => littleEndian(rowsOf(each)));
  model.send({ type: 'groups', names, n_cells: nCells }, undefined, buffers);
}

/** The first address at which the page answers; null where it does at none. */
async function findPage(port, path) {
  const direct = `http://127.0.0.1:${port}${path}`;
  const candidates = [direct];
  const colab = globalThis.google?.colab?.kernel?.proxyPort;
  if (colab) candidates.unshift(new URL(path, await colab(port, { cache: true })).href);
  const base = serverBase();
  if (base) {
    const proxied = new URL(`proxy/${port}${path}`, base).href;
    if (isLocal(location.hostname)) candidates.push(proxied);
    else candidates.unshift(proxied);
  }
  for (const url of candidates) {
    if (await answers(url)) return url;
  }
  return null;
}

async function answers(url) {
  // Of another origin only whether it answers at all can be known.
  const same = new URL(url).origin === location.origin;
  try {
    const response = await fetch(url, {
      method: 'HEAD',
      mode: same ? 'same-origin' : 'no-cors',
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    return same ? response.ok : true;
  } catch {
    return false;
  }
}

/** Where the notebook's own server is, for JupyterLab and the classic notebook; null in others. */
function serverBase() {
  let base = document.body?.dataset.baseUrl;
  const config = document.getElementById('jupyter-config-data');
  if (config) {
    try {
      base = JSON.parse(config.textContent).baseUrl ?? base;
    } catch {
      // Another program's element of that name.
    }
  }
  return base && location.protocol.startsWith('http') ? new URL(base, location.href) : null;
}

function isLocal(hostname) {
  return hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]';
}

function withEmbedding(url) {
  const address = new URL(url);
  address.searchParams.set('embed', '1');
  // Named, so that the page talks to this one only. In VS Code there is no origin to name.
  if (location.protocol.startsWith('http')) address.searchParams.set('parent', location.origin);
  return address.href;
}

/** Cell numbers as uint32, whatever the order of bytes of this machine. */
function littleEndian(cells) {
  const view = new DataView(new ArrayBuffer(4 * cells.length));
  cells.forEach((cell, index) => view.setUint32(4 * index, cell, true));
  return view;
}

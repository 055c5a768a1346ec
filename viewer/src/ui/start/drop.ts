import { signal } from '@preact/signals';
import { ViewerError } from '../../bytes/errors';
import { MARKS } from '../../bundle/formats/registry';
import { droppedFolder, type Folder } from '../../bytes/folder/folder';
import { holdSession, sessionsOf } from '../sessions/sessions';
import { openFiles, openZipFile, phase } from './phase';

export const dragging = signal(false);

/** Lets the folder of an export, a zip of it, or a session file be dropped anywhere on the page. */
export function acceptDrops(): void {
  addEventListener('dragover', (event) => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    dragging.value = true;
  });
  addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) dragging.value = false;
  });
  addEventListener('drop', (event) => {
    event.preventDefault();
    dragging.value = false;
    const item = event.dataTransfer?.items[0];
    if (item) void openDropped(item);
  });
}

async function openDropped(item: DataTransferItem): Promise<void> {
  try {
    const dropped = await lookAt(item);
    if (dropped instanceof File && isJson(dropped)) await openSession(dropped);
    else if (dropped instanceof File && isZip(dropped)) await openZipFile(dropped);
    else if (dropped && !(dropped instanceof File)) await openFiles(await droppedFolder(dropped, MARKS));
    else {
      throw new ViewerError(
        'The dropped item is neither a folder nor a .zip nor a session file.',
        'Drop the whole folder of an export, or a .zip of it.',
      );
    }
  } catch (error) {
    phase.value = { is: 'failed', error };
  }
}

/** Opens a session file on the open bundle, or else on the next one. */
async function openSession(file: File): Promise<void> {
  const now = phase.peek();
  if (now.is === 'open') await sessionsOf(now.session).openFile(file);
  else await holdSession(file);
}

function isJson(file: File): boolean {
  return /\.json$/i.test(file.name) || file.type === 'application/json';
}

function isZip(file: File): boolean {
  return /\.zip$/i.test(file.name) || file.type === 'application/zip';
}

/** TypeScript's library does not have the handle yet. */
type ItemWithHandle = DataTransferItem & { getAsFileSystemHandle?: () => Promise<FileSystemHandle | null> };

async function lookAt(item: ItemWithHandle): Promise<Folder | File | null> {
  if (item.getAsFileSystemHandle) {
    const handle = await item.getAsFileSystemHandle();
    if (handle instanceof FileSystemFileHandle) return handle.getFile();
    return handle instanceof FileSystemDirectoryHandle ? fromHandle(handle) : null;
  }
  // Firefox and Safari have the older interface only.
  const entry = item.webkitGetAsEntry();
  return entry?.isDirectory ? fromEntry(entry as FileSystemDirectoryEntry) : item.getAsFile();
}

function fromHandle(root: FileSystemDirectoryHandle): Folder {
  return {
    name: root.name,
    file: async (name) => (await root.getFileHandle(name)).getFile(),
    folder: async (name) => fromHandle(await root.getDirectoryHandle(name)),
    folders: async () => {
      const found: Folder[] = [];
      for await (const child of root.values()) {
        if (child instanceof FileSystemDirectoryHandle) found.push(fromHandle(child));
      }
      return found;
    },
  };
}

function fromEntry(root: FileSystemDirectoryEntry): Folder {
  return {
    name: root.name,
    file: (name) =>
      new Promise((resolve, reject) => {
        root.getFile(name, {}, (entry) => (entry as FileSystemFileEntry).file(resolve, reject), reject);
      }),
    folder: (name) =>
      new Promise((resolve, reject) => {
        root.getDirectory(name, {}, (entry) => resolve(fromEntry(entry as FileSystemDirectoryEntry)), reject);
      }),
    folders: async () => {
      const reader = root.createReader();
      const found: Folder[] = [];
      // It returns up to a hundred entries at a time, and none at the end.
      for (;;) {
        const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
          reader.readEntries(resolve, reject),
        );
        if (some.length === 0) return found;
        for (const entry of some) {
          if (entry.isDirectory) found.push(fromEntry(entry as FileSystemDirectoryEntry));
        }
      }
    },
  };
}

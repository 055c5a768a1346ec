import { signal } from '@preact/signals';
import { ViewerError } from '../bytes/errors';
import { DroppedFiles } from '../bytes/folder';
import { openFiles, phase } from './phase';

export const dragging = signal(false);

/** Lets a bundle's folder be dropped anywhere on the page. */
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
    const files = await folderOf(item);
    if (!files) {
      throw new ViewerError(
        'What was dropped is not a folder.',
        'Drop the whole folder that the export wrote.',
      );
    }
    await openFiles(files);
  } catch (error) {
    phase.value = { is: 'failed', error };
  }
}

/** The handle is not in TypeScript's library yet. */
type ItemWithHandle = DataTransferItem & { getAsFileSystemHandle?: () => Promise<FileSystemHandle | null> };

async function folderOf(item: ItemWithHandle): Promise<DroppedFiles | null> {
  if (item.getAsFileSystemHandle) {
    const handle = await item.getAsFileSystemHandle();
    return handle instanceof FileSystemDirectoryHandle ? fromHandle(handle) : null;
  }
  // Firefox and Safari know the older way only.
  const entry = item.webkitGetAsEntry();
  return entry?.isDirectory ? fromEntry(entry as FileSystemDirectoryEntry) : null;
}

function fromHandle(root: FileSystemDirectoryHandle): DroppedFiles {
  return new DroppedFiles(root.name, async (steps) => {
    let folder = root;
    for (const step of steps.slice(0, -1)) folder = await folder.getDirectoryHandle(step);
    return (await folder.getFileHandle(steps.at(-1)!)).getFile();
  });
}

function fromEntry(root: FileSystemDirectoryEntry): DroppedFiles {
  return new DroppedFiles(
    root.name,
    (steps) =>
      new Promise((resolve, reject) => {
        root.getFile(
          steps.join('/'),
          {},
          (entry) => (entry as FileSystemFileEntry).file(resolve, reject),
          reject,
        );
      }),
  );
}

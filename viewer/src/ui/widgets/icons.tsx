const PATHS = {
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  fit: 'M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5',
  close: 'M6 6l12 12M18 6L6 18',
  download: 'M12 4v11m-5-5l5 5 5-5M5 20h14',
  link: 'M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 6 6l1-1',
  system: 'M4 5h16v11H4zM9 20h6M12 16v4',
  light:
    'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8M12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6L19 19M5 19l1.4-1.4M17.6 6.4L19 5',
  dark: 'M20 14.5A8.5 8.5 0 1 1 9.5 4a7 7 0 0 0 10.5 10.5z',
  lasso:
    'M12 4c5 0 9 2.5 9 5.5S17 15 12 15s-9-2.5-9-5.500S7 4 12 4M6.500 13.700c-1.800.6-2.300 2.300-.8 3 1.500.7 2.800-.6 2-2.200M6 16.800c0 1.800 1 3.200 3 3.700',
  move: 'M12 3v18M3 12h18M9 6l3-3 3 3M9 18l3 3 3-3M6 9l-3 3 3 3M18 9l3 3-3 3',
  rectangle: 'M4 9V5h4M16 5h4v4M20 15v4h-4M8 19H4v-4M11 5h2M11 19h2M4 11.500v1M20 11.500v1',
  brush:
    'M20 4l-8.500 9.500M9 13a3.500 3.500 0 0 1 2.500 5.500C10 20.500 6 21 4 20c2-.7 1.600-2 1.800-3.600A3.500 3.500 0 0 1 9 13z',
  replace: 'M5 5h14v14H5z',
  add: 'M4 4h11v5h5v11H9v-5H4zM12 9.500v5M9.500 12h5',
  subtract: 'M4 4h11v5H9v6H4zM12 19.500h8M20 12v0',
  intersect: 'M4 4h11v11H4zM9 9h11v11H9zM10 13l4-3M11 15l4-3.500',
  undo: 'M9 6L4 11l5 5M4 11h10a5.500 5.500 0 0 1 0 11h-2',
  redo: 'M15 6l5 5-5 5M20 11H10a5.500 5.500 0 0 0 0 11h2',
  fold: 'M4 5h16v14H4zM9.500 5v14M16 9l-3 3 3 3',
  unfold: 'M4 5h16v14H4zM9.500 5v14M13 9l3 3-3 3',
  beside: 'M3 5h8v14H3zM13 5h8v14h-8M6 10.5v.01M8 13.5v.01M16 13.5v.01M18 9.500v.01',
  dockRight: 'M4 5h16v14H4zM14 5v14',
  dockBelow: 'M4 5h16v14H4zM4 13.500h16',
  higher: 'M6 15l6-6 6 6',
  lower: 'M6 9l6 6 6-6',
  more: 'M9 6l6 6-6 6',
  less: 'M15 6l-6 6 6 6',
  grid: 'M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h6v6h-6z',
  rotate: 'M19 12a7 7 0 1 1-2.500-5.400M19 3v5h-5',
  flip: 'M12 3v18M9 7L4 17h5zM15 7l5 10h-5z',
  spotlight:
    'M12 5a7 7 0 1 0 0 14 7 7 0 0 0 0-14M12 10.500a1.500 1.500 0 1 0 0 3 1.500 1.500 0 0 0 0-3M12 2v3M12 19v3M2 12h3M19 12h3',
  edit: 'M4 20l1-4.500L16.500 4 20 7.500 8.500 19zM14 6.500l3.500 3.500',
  grip: 'M9 6v.01M15 6v.01M9 12v.01M15 12v.01M9 18v.01M15 18v.01',
  help: 'M9 9a3 3 0 1 1 4.2 2.8c-.8.4-1.2 1-1.2 2.2M12 17.5v.01',
} as const;

/** A line icon. The button around it has the label. */
export function Icon({ name }: { name: keyof typeof PATHS }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" width="18" height="18" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}

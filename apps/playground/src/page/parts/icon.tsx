const paths: Readonly<Record<string, string>> = {
  arrow: "M5 12h13m-5-5 5 5-5 5",
  busy: "M12 3v4m0 10v4M3 12h4m10 0h4M5.6 5.6l2.9 2.9m7 7 2.9 2.9m0-12.8-2.9 2.9m-7 7-2.9 2.9",
  check: "m5 12.5 4.5 4.5L19 7.5",
  chevron: "m7 10 5 5 5-5",
  clock: "M12 7v5l3 2m6-2a9 9 0 1 1-18 0 9 9 0 0 1 18 0Z",
  cross: "m7 7 10 10M17 7 7 17",
  guess: "M9 9a3 3 0 1 1 4.5 2.6c-.9.5-1.5 1.2-1.5 2.4m0 3.2h.01M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0Z",
  hourglass: "M7 3h10M7 21h10M8 3v3.5l4 5.5-4 5.5V21m8-18v3.5L12 12l4 5.5V21",
  key: "M8 20.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9Zm3.2-7.7L20 4m-3.5 3.5 3 3M14 10l2 2",
  leave: "M14 4H6a1 1 0 0 0-1 1v14a1 1 0 0 0 1 1h8m-3-8h10m-4-4 4 4-4 4",
  lock: "M7 11V8a5 5 0 0 1 10 0v3m-11 0h12a1 1 0 0 1 1 1v7a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1v-7a1 1 0 0 1 1-1Z",
  lost: "M3 12h4m3 0h2m8-4-5 8m0-8 5 8",
  phone: "M8 3h8a2 2 0 0 1 2 2v14a2 2 0 0 1-2 2H8a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2Zm3 15h2",
  picture:
    "M5 4h14a1 1 0 0 1 1 1v14a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1Zm-1 12 5-5 4 4 3-2.500 4 4M15 9h.01",
  power: "M12 3v8m5.5-5a8 8 0 1 1-11 0",
  reload: "M20 5v5h-5M4 19v-5h5m10-4a7.5 7.5 0 0 0-13.4-2.4L4 10m16 4-1.6 2.4A7.5 7.5 0 0 1 5 14",
  repeat: "M5 11V9a3 3 0 0 1 3-3h11m-3-3 3 3-3 3m3 4v2a3 3 0 0 1-3 3H5m3 3-3-3 3-3",
  scan: "M4 8V5a1 1 0 0 1 1-1h3m8 0h3a1 1 0 0 1 1 1v3m0 8v3a1 1 0 0 1-1 1h-3m-8 0H5a1 1 0 0 1-1-1v-3m-1-4h18",
  server: "M5 4h14v7H5V4Zm0 9h14v7H5v-7Zm3-5.5h.01M8 16.5h.01",
  slow: "M4 17a8 8 0 1 1 16 0M12 17l4-5",
  sms: "M4 5h16a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1h-8l-5 4v-4H4a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1Zm4 6h.01m4 0h.01m4 0h.01",
  store:
    "M4 6.5C4 4.6 7.6 3 12 3s8 1.6 8 3.5S16.4 10 12 10 4 8.4 4 6.5Zm0 0v11C4 19.4 7.6 21 12 21s8-1.6 8-3.5v-11M4 12c0 1.9 3.6 3.5 8 3.5s8-1.6 8-3.5",
  trash: "M5 7h14M10 7V4h4v3m-7 0 .8 12.1a1 1 0 0 0 1 .9h6.4a1 1 0 0 0 1-.9L17 7",
  web: "M4 5h16a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1Zm5 15h6m-3-4v4",
  wechat:
    "M9.5 4C5.9 4 3 6.4 3 9.4c0 1.7 1 3.2 2.5 4.2L5 16l2.6-1.4c.6.1 1.2.200 1.9.200M21 14.5c0-2.5-2.5-4.5-5.5-4.5S10 12 10 14.5s2.5 4.5 5.5 4.5c.6 0 1.1-.1 1.6-.2L19.5 20l-.5-2c1.2-.9 2-2.1 2-3.5Z",
  miniprogram: "M8 3h8a2 2 0 0 1 2 2v14a2 2 0 0 1-2 2H8a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2Zm3 15h2",
}

/** A small drawing beside a word; it says nothing of its own. */
export function Icon({ name, size = 16 }: { readonly name: string; readonly size?: number }) {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={paths[name] ?? ""} />
    </svg>
  )
}

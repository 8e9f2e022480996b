import type { Person } from "../protocol.ts"

/** Those who may hold the phone; the first does at the start. The pretend WeChat knows them by their names. */
export const people = [
  { name: "alice", title: { en: "Alice", zh: "小丽" } },
  { name: "bob", title: { en: "Bob", zh: "阿强" } },
  { name: "carol", title: { en: "Carol", zh: "小美" } },
] as const satisfies readonly Person[]

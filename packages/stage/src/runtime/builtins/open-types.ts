import type { OpenType } from "../phone.ts"

/** What buttons with an `open-type` ask. Set when the phone starts: components are made by the library, which hands nothing in. */
export const openTypes: { ask: OpenType } = { ask: async () => undefined }

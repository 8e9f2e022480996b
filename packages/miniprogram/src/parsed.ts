/** JSON where it is JSON: an upload is always answered as a text. */
export function parsed(data: unknown): unknown {
  try {
    return JSON.parse(data as string)
  } catch {
    return data
  }
}

/** JSON where it is JSON: an upload is always answered as a text. */
export function parsed(data: unknown): unknown {
  try {
    // Only texts can be trimmed: [5] would be parsed as 5.
    return JSON.parse((data as string).trim())
  } catch {
    return data
  }
}

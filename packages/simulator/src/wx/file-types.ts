const types: Readonly<Record<string, string>> = {
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  svg: "image/svg+xml",
  mp4: "video/mp4",
  mp3: "audio/mpeg",
  pdf: "application/pdf",
  json: "application/json",
  txt: "text/plain",
}

/** The media type that a path's ending stands for. */
export function typeOfPath(path: string): string {
  const ending = /\.([a-z0-9]+)$/i.exec(path)?.[1]?.toLowerCase() ?? ""
  return types[ending] ?? "application/octet-stream"
}

/** `png` for `image/png`; `undefined` for a type that has no ending of its own here. */
export function endingOfType(type: string): string | undefined {
  const plain = type.split(";")[0]?.trim().toLowerCase()
  return Object.keys(types).find(ending => types[ending] === plain)
}

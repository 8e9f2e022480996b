import type { Result } from "./result.ts"
import { fill, renderAbout, renderFigures, renderVerdicts } from "./tables.ts"
import { type Language, texts } from "./texts.ts"

/** The page of ten million sessions in one language; `undefined` if the run has not measured them. */
export function renderLargePage(result: Result, language: Language): string | undefined {
  const { large, largeAtRest } = result.figures.databases ?? {}
  if (large === undefined || largeAtRest === undefined) return undefined
  const count = (value: number) => value.toLocaleString("en-US")
  return [
    `# ${texts.large[language]}`,
    texts.largeOther[language],
    renderAbout(result, language),
    fill(texts.largeAbout, language, {
      people: count(largeAtRest.people),
      sessions: count(largeAtRest.sessions),
      gigabytes: largeAtRest.gigabytes.toFixed(1),
    }),
    renderFigures(large, language),
    `## ${texts.wanted[language]}`,
    renderVerdicts(
      result.verdicts.filter(({ what }) => /million/.test(what.en)),
      language,
    ),
    `## ${texts.repeat[language]}`,
    fill(texts.repeatAbout, language, { minutes: texts.minutesLarge[language] }),
    "```sh\nnpm run bench -- databases --large-alone\n```",
    `## ${texts.versions[language]}`,
    `Node ${result.node} · PostgreSQL ${result.figures.databases?.postgres}`,
  ]
    .join("\n\n")
    .concat("\n")
}

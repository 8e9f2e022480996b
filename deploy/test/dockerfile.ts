import { read } from "../../scripts/repository.ts"

/** One instruction of a Dockerfile: `COPY`, and what follows it on one line. */
export interface Instruction {
  readonly name: string
  readonly text: string
  /** The stage it is in, counted from 0; what stands before the first `FROM` is in -1. */
  readonly stage: number
}

/** Reads a Dockerfile: without comments, continued lines joined, `ARG`s that have a default put in where `FROM` uses them. */
export function readDockerfile(file: string): readonly Instruction[] {
  const lines = read(file)
    .split("\n")
    .filter(line => !/^\s*#/.test(line))
    .join("\n")
    .replaceAll(/\\\n\s*/g, "")
    .split("\n")
    .filter(line => line.trim() !== "")
  let stage = -1
  const instructions = lines.map((line): Instruction => {
    const [, name = "", text = ""] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? []
    if (name === "") throw new Error(`${file}: this is no instruction: ${line}`)
    if (name === "FROM") stage += 1
    return { name, text, stage }
  })
  const defaults = new Map(
    instructions
      .filter(({ name, stage: of }) => name === "ARG" && of === -1)
      .map(({ text }) => text.split("=") as [string, string]),
  )
  return instructions.map(instruction =>
    instruction.name === "FROM"
      ? {
          ...instruction,
          text: instruction.text.replaceAll(/\$\{(\w+)\}/g, (_, arg) => defaults.get(arg) ?? ""),
        }
      : instruction,
  )
}

/** The texts of all instructions of that name in the last stage, which is what runs. */
export function ofImage(instructions: readonly Instruction[], name: string): readonly string[] {
  const last = Math.max(...instructions.map(({ stage }) => stage))
  return instructions.filter(of => of.stage === last && of.name === name).map(({ text }) => text)
}

/** A command in exec form, `["node", "x.js"]`. @throws SyntaxError if it is one for a shell */
export function execForm(text: string | undefined): readonly string[] {
  return JSON.parse(text ?? "") as string[]
}

/** `ENV A=1 B=2` as a record. */
export function environmentOf(instructions: readonly Instruction[]): Readonly<Record<string, string>> {
  const pairs = ofImage(instructions, "ENV").flatMap(text => text.split(/\s+/))
  return Object.fromEntries(pairs.map(pair => pair.split("=") as [string, string]))
}

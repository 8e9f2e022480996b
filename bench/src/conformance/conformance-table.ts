import { type ConformanceResult, conformance } from "@denglu/miniprogram/conformance"
import type { Client } from "./clients.ts"

/** How one client fared, rule by rule, in the order of the suite. */
export interface Column {
  readonly client: Client
  readonly results: readonly ConformanceResult[]
}

/** Rules down, clients across; the last row counts. @param nameOf what a rule is called */
export function conformanceTable(
  columns: readonly Column[],
  nameOf: (rule: string) => string = rule => rule,
): readonly (readonly string[])[] {
  return [
    ["", ...columns.map(({ client }) => client.name)],
    ...conformance.map(({ name }) => [nameOf(name), ...columns.map(column => mark(column, name))]),
    ["", ...columns.map(score)],
  ]
}

/** The rules a client broke that are meant for it. */
export function broken(column: Column): readonly ConformanceResult[] {
  return column.results.filter(({ name, passed }) => !passed && isFor(column.client, name))
}

function mark(column: Column, rule: string): string {
  if (!isFor(column.client, rule)) return "–"
  return column.results.find(({ name }) => name === rule)?.passed ? "✓" : "✗"
}

function score(column: Column): string {
  const counted = column.results.filter(({ name }) => isFor(column.client, name))
  return `${counted.length - broken(column).length} / ${counted.length}`
}

function isFor({ lacks }: Client, rule: string): boolean {
  const { needs } = conformance.find(({ name }) => name === rule) ?? {}
  return needs === undefined || !lacks.includes(needs)
}

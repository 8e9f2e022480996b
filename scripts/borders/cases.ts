import { arrowBorders } from "./arrows.ts"
import type { Border } from "./border.ts"
import { entranceBorders } from "./entrances.ts"
import { houseBorders } from "./house-rules.ts"

export const borders: readonly Border[] = [...arrowBorders, ...entranceBorders, ...houseBorders]

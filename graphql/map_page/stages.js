// The states of an open case in four stages, each with its colour.
export const STAGES = {
  waiting: { colour: '#7385a0', states: ['REPORTED', 'PENDING_VERIFICATION', 'PENDING_FILING', 'PENDING_SPOT_REVIEW'] },
  working: { colour: '#2473c8', states: ['FILED', 'DISPATCHED', 'IN_PROGRESS', 'REWORK', 'AWAITING_CHILDREN'] },
  checking: { colour: '#21926b', states: ['HANDLED', 'PENDING_CHECK', 'PENDING_CLOSING'] },
  deciding: { colour: '#8561b5', states: ['PENDING_DECISION', 'SUSPENDED'] },
}
export const LATE = '#d2453f'
export const COMPONENT = '#8a7a55'
export const POINT = '#0f8f9c'

const STAGE_OF = new Map(Object.entries(STAGES).flatMap(([stage, { states }]) => states.map((state) => [state, stage])))
export const stageOf = (state) => STAGE_OF.get(state) ?? 'waiting'
export const colourOf = (state) => STAGES[stageOf(state)].colour
// What says so itself, or has passed its deadline (seconds since 1970) and is still to be handled.
export const isLate = (facts) => facts.late ?? (facts.deadline_at !== undefined && facts.deadline_at !== null
  && stageOf(facts.state) !== 'checking' && facts.deadline_at * 1000 < Date.now())

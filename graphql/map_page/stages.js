// The states of a case in stages, each with its colour; what has ended is shown if asked for.
export const STAGES = {
  waiting: { colour: '#7385a0', states: ['REPORTED', 'PENDING_VERIFICATION', 'PENDING_FILING', 'PENDING_SPOT_REVIEW'] },
  working: { colour: '#2473c8', states: ['FILED', 'DISPATCHED', 'IN_PROGRESS', 'REWORK', 'AWAITING_CHILDREN'] },
  checking: { colour: '#21926b', states: ['HANDLED', 'PENDING_CHECK', 'PENDING_CLOSING'] },
  deciding: { colour: '#8561b5', states: ['PENDING_DECISION', 'SUSPENDED'] },
  ended: { colour: '#a3a9b3', states: ['CLOSED', 'REJECTED', 'VOID', 'CANCELLED'] },
}
export const OPEN_STAGES = Object.keys(STAGES).filter((stage) => stage !== 'ended')
export const LATE = '#d2453f'
export const COMPONENT = '#7d6c45'
export const POINT = '#0b7883'

const STAGE_OF = new Map(Object.entries(STAGES).flatMap(([stage, { states }]) => states.map((state) => [state, stage])))
export const stageOf = (state) => STAGE_OF.get(state) ?? 'waiting'
export const colourOf = (state) => STAGES[stageOf(state)].colour
// What says so itself, or has passed its deadline (seconds since 1970) and is still to be handled.
export const isLate = (facts) => facts.is_late === true || (facts.deadline_at !== undefined && facts.deadline_at !== null
  && !['checking', 'ended'].includes(stageOf(facts.state)) && facts.deadline_at * 1000 < Date.now())

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { FullConfig, FullResult, Reporter, Suite, TestCase } from '@playwright/test/reporter';
import { FAULTS } from './faults';

/** After a run of every spec: says which faults a passed test covers, and fails the run where one is not covered. */
export default class FaultReporter implements Reporter {
  #tests: readonly TestCase[] = [];
  #isWholeRun = false;

  onBegin({ rootDir, shard }: FullConfig, suite: Suite): void {
    this.#tests = suite.allTests();
    const files = new Set(this.#tests.map(({ location }) => location.file));
    const specs = readdirSync(rootDir).filter((name) => name.endsWith('.spec.ts'));
    this.#isWholeRun = shard === null && specs.every((name) => files.has(join(rootDir, name)));
  }

  async onEnd({ status }: FullResult): Promise<{ status?: FullResult['status'] }> {
    if (!this.#isWholeRun) return {};
    const ids = Object.keys(FAULTS);
    const passed = this.#tests.filter((test) => test.outcome() === 'expected').map(({ title }) => title);
    const isCovered = (id: string) => passed.some((title) => title.startsWith(`${id} · `));
    const missing = ids.filter((id) => !isCovered(id));
    console.log(`\nFaults covered: ${ids.filter(isCovered).join(', ')}`);
    for (const id of missing) console.log(`Fault not covered: ${id}, ${FAULTS[id]}`);
    return missing.length > 0 && status === 'passed' ? { status: 'failed' } : {};
  }
}

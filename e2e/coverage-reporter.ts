import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { FullConfig, FullResult, Reporter, Suite, TestCase } from '@playwright/test/reporter';
import { ABUSES } from './abuses';
import { FAULTS } from './faults';

const MATRICES = { Faults: FAULTS, 'Hostile requests': ABUSES };

/**
 * After a run of every spec: says which faults and which hostile requests a passed test covers, and fails the run where one
 * is not covered.
 */
export default class CoverageReporter implements Reporter {
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
    const passed = this.#tests.filter((test) => test.outcome() === 'expected').map(({ title }) => title);
    const isCovered = (id: string) => passed.some((title) => title.includes(`${id} · `));
    const missing = Object.entries(MATRICES).flatMap(([name, rows]) => {
      console.log(`\n${name} covered: ${Object.keys(rows).filter(isCovered).join(', ')}`);
      return Object.entries(rows).filter(([id]) => !isCovered(id));
    });
    for (const [id, what] of missing) console.log(`Not covered: ${id}, ${what}`);
    return missing.length > 0 && status === 'passed' ? { status: 'failed' } : {};
  }
}

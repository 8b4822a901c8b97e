// Every layer on Dawn against its definition in f64, forward and backward: the table of test/ops, which a browser runs too
// (test/end-to-end/browser.test.ts). That the definitions' gradients are right is reference/adjoint.test.ts.
import { afterAll, describe, expect, test, vi } from "vitest";
import { expectClose } from "../../../../test/helpers/close.ts";
import { testDevice } from "../../../../test/helpers/device.ts";
import { CaseDevice } from "../../../../test/ops/case.ts";
import { opCases } from "../../../../test/ops/table.ts";
import { requestGpu } from "../adapter.ts";
import { kernels } from "../kernels.generated.ts";

const gpu = await testDevice(() => requestGpu({ allowSoftware: true, tunes: true }));
afterAll(() => gpu?.destroy());

describe.skipIf(!gpu)("on Dawn", () => {
  const recorded = gpu && vi.spyOn(gpu, "run");

  test.for(opCases.map((each) => [each.title, each] as const))("%s", async ([, { needs, run }], { skip }) => {
    if (needs && !gpu!.device.features.has(needs)) skip(`${gpu!.info.description} has no ${needs}`);
    const claims = await run(new CaseDevice(gpu!));
    expect(claims).not.toHaveLength(0);
    for (const claim of claims) expectClose(claim.got, claim.want, claim);
  });

  test("the table runs every kernel there is", () => {
    const run = new Set(recorded!.mock.calls.map(([, kernel]) => kernel));
    const able = Object.keys(kernels).filter((kernel) => !kernel.endsWith("-f16") || gpu!.device.features.has("shader-f16"));
    expect([...run].toSorted()).toEqual(able.toSorted());
  });
});

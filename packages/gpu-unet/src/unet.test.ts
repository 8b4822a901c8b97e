import { describe, expect, test } from "vitest";
import { elements } from "./tensor.ts";
import {
  BOTTLENECK,
  encoderActivations,
  encoderForward,
  encoderParameters,
  LOGITS,
  parameterTable,
  unetActivations,
  unetBackward,
  unetForward,
} from "./unet.ts";
import type { UNetArchitecture } from "./unet.ts";

const paper: UNetArchitecture = { baseWidth: 64, inChannels: 1, classes: 2, activation: "elu" };
const shapesOf = (a: UNetArchitecture) => new Map(parameterTable(a).map(({ name, shape }) => [name, shape]));

describe("the paper's network", () => {
  test("has the parameters of a U-Net with transposed convolutions: 31 030 658", () => {
    expect(parameterTable(paper).reduce((sum, { shape }) => sum + elements(shape), 0)).toBe(31_030_658);
  });

  test("has a bottleneck of 1024 maps of 16 x 16 for slices of 256 x 256", () => {
    const maps = new Map(encoderActivations(paper, 3, 256, 256).map(({ name, shape }) => [name, shape]));
    expect(maps.get(BOTTLENECK)).toEqual([3, 1024, 16, 16]);
    expect(maps.get("pooled")).toEqual([3, 1024]);
  });

  test("takes 16.95 G multiply-adds a slice in its encoder", () => {
    const pixels = (name: string) => 256 ** 2 / 4 ** Number(name.split(".")[1]);
    const products = encoderParameters(paper).reduce(
      (sum, { name, shape }) => sum + (shape.length === 4 ? elements(shape) * pixels(name) : 0),
      0,
    );
    expect(products / 1e9).toBeCloseTo(16.95, 2);
  });
});

describe("the tables", () => {
  test("name every tensor once, decoder from the bottom up, skip and upsampled map side by side", () => {
    const shapes = shapesOf({ ...paper, baseWidth: 4, inChannels: 2, classes: 3 });
    expect(shapes.size).toBe(parameterTable(paper).length);
    expect([...shapes.keys()].filter((name) => name.endsWith("up.weight"))).toEqual(
      [3, 2, 1, 0].map((level) => `decoder.${level}.up.weight`),
    );
    expect(shapes.get("encoder.0.conv1.weight")).toEqual([4, 2, 3, 3]);
    expect(shapes.get("encoder.4.conv2.weight")).toEqual([64, 64, 3, 3]);
    expect(shapes.get("decoder.3.up.weight")).toEqual([64, 32, 2, 2]);
    expect(shapes.get("decoder.3.conv1.weight")).toEqual([32, 64, 3, 3]);
    expect(shapes.get("decoder.0.conv2.bias")).toEqual([4]);
    expect(shapes.get("head.weight")).toEqual([3, 4, 1, 1]);
  });

  test("and the forward pass agree: each layer reads the map before it, and every parameter of the encoder is used once", () => {
    const layers = encoderForward();
    const maps = encoderActivations(paper, 1, 16, 16).map(({ name }) => name);
    const made = layers.flatMap((layer) => ("y" in layer ? [layer.y] : []));
    expect(made).toEqual(maps.slice(1));
    layers.forEach((layer, i) => expect(layer.x).toBe(["input", ...made][layers.slice(0, i).filter((before) => "y" in before).length]));
    const used = layers.flatMap((layer) => (layer.op === "conv2d" ? [layer.weight, layer.bias] : []));
    expect(used).toEqual(encoderParameters(paper).map(({ name }) => name));
  });

  test("of the whole network and its passes agree: each map is made once and before it is read, each parameter is used once, backward is forward reversed", () => {
    const layers = unetForward();
    const made = layers.flatMap((layer) => ("y" in layer ? [layer.y] : []));
    const maps = unetActivations(paper, 1, 16, 16).map(({ name }) => name);
    expect(new Set(made).size).toBe(made.length);
    expect(made.toSorted()).toEqual(maps.slice(1).toSorted());
    expect(made.at(-1)).toBe(LOGITS);
    const there = new Set(["input"]);
    for (const layer of layers) {
      for (const read of layer.op === "concatenate" ? [layer.a, layer.b] : [layer.x]) expect(there).toContain(read);
      if ("y" in layer) there.add(layer.y);
    }
    const used = layers.flatMap((layer) => ("weight" in layer ? [layer.weight, layer.bias] : []));
    expect(used).toEqual(parameterTable(paper).map(({ name }) => name));
    expect(unetBackward().reverse()).toEqual(layers);
  });

  test("of the whole network give the skip first and the head as many maps as classes", () => {
    const maps = new Map(unetActivations({ ...paper, classes: 3 }, 2, 32, 48).map(({ name, shape }) => [name, shape]));
    expect(maps.get("encoder.1.skip")).toEqual([2, 128, 16, 24]);
    expect(maps.get("decoder.1.concatenated")).toEqual([2, 256, 16, 24]);
    expect(maps.get(LOGITS)).toEqual([2, 3, 32, 48]);
    expect(unetForward().find((layer) => layer.op === "concatenate")).toMatchObject({ a: "encoder.3.skip", b: "decoder.3.up" });
  });
});

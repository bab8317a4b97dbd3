/** Operations that programs and layers differentiate, at awkward sizes; each is compared between backends. */
import * as tf from '@tensorflow/tfjs';

export interface OperationCase {
  readonly name: string;
  readonly shapes: readonly number[][];
  readonly op: (...xs: tf.Tensor[]) => tf.Tensor;
  /** What fails or is wrong with tfjs alone: with this library's kernels it is right. */
  readonly isMended: boolean;
  /** tfjs differentiates it once, and so do we. */
  readonly isOnce: boolean;
}

const MENDED =
  /dilations 2|cropAndResize|einsum|cumprod|stridedSlice|ND|tensorScatter|sparseToDense|topk|depthToSpace|diag|flip|conv3dTranspose|unstack one|bandPart|Gray/;
const ONCE = /maxPool3d|localResponse/;

/** Places in three rows and four columns, one of them twice. */
const placesTwice = (): tf.Tensor =>
  tf.tensor2d(
    [
      [2, 1],
      [0, 3],
      [2, 1],
    ],
    [3, 2],
    'int32',
  );

const of = (name: string, shapes: number[][], op: (...xs: tf.Tensor[]) => tf.Tensor): OperationCase => ({
  name,
  shapes,
  op,
  isMended: MENDED.test(name),
  isOnce: ONCE.test(name),
});
const shown = (sizes: number | readonly number[]): string => String(sizes);
const ids = (...values: number[]) => tf.tensor1d(values, 'int32');

/** Of convolution and pooling: images, windows, steps. */
function spatial(): OperationCase[] {
  const cases: OperationCase[] = [];
  for (const [image, taps, strides, pad, dilations] of [
    [[2, 5, 4, 3], [3, 2], 1, 'valid', 1],
    [[2, 5, 4, 3], [3, 2], 1, 'same', 1],
    [[2, 7, 6, 2], [3, 3], 2, 'same', 1],
    [[2, 7, 6, 2], [2, 3], [2, 3], 'valid', 1],
    [[2, 7, 6, 2], [3, 3], 2, 1, 1],
    [[1, 1, 1, 1], [1, 1], 1, 'valid', 1],
    [[3, 4, 4, 5], [1, 1], 1, 'same', 1],
    [[3, 4, 4, 5], [1, 1], 2, 'valid', 1],
    [[2, 4, 4, 2], [4, 4], 1, 'valid', 1],
    [[2, 7, 7, 2], [3, 3], 1, 'valid', 2],
    [[2, 7, 7, 2], [3, 3], 1, 'same', 2],
  ] as Array<[number[], [number, number], number | [number, number], 'same' | 'valid' | number, number]>) {
    const channels = image[3]!;
    const title = `[${image.join()}] by [${taps.join()}], strides ${shown(strides)}, ${pad}, dilations ${shown(dilations)}`;
    cases.push(
      of(`conv2d ${title}`, [image, [...taps, channels, 3]], (x, w) =>
        tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, strides, pad, 'NHWC', dilations),
      ),
    );
    cases.push(
      of(`depthwiseConv2d ${title}`, [image, [...taps, channels, 2]], (x, w) =>
        tf.depthwiseConv2d(x as tf.Tensor4D, w as tf.Tensor4D, strides, pad, 'NHWC', dilations),
      ),
    );
  }
  for (const [pad, strides] of [
    ['same', 2],
    ['valid', 1],
    ['valid', 2],
  ] as const)
    cases.push(
      of(
        `conv2dTranspose ${pad}, strides ${strides}`,
        [
          [2, 3, 4, 2],
          [3, 2, 5, 2],
        ],
        (x, w) => {
          const along = (n: number, k: number) => (pad === 'same' ? n * strides : (n - 1) * strides + k);
          return tf.conv2dTranspose(x as tf.Tensor4D, w as tf.Tensor4D, [2, along(3, 3), along(4, 2), 5], strides, pad);
        },
      ),
    );
  for (const [size, strides, pad] of [
    [2, 2, 'valid'],
    [3, 1, 'same'],
    [3, 2, 'same'],
    [[2, 3], [1, 2], 'valid'],
  ] as Array<[number | [number, number], number | [number, number], 'same' | 'valid']>) {
    cases.push(
      of(`maxPool ${shown(size)} by ${shown(strides)}, ${pad}`, [[2, 5, 6, 3]], x =>
        tf.maxPool(x as tf.Tensor4D, size, strides, pad),
      ),
      of(`avgPool ${shown(size)} by ${shown(strides)}, ${pad}`, [[2, 5, 6, 3]], x =>
        tf.avgPool(x as tf.Tensor4D, size, strides, pad),
      ),
    );
  }
  for (const pad of ['same', 'valid'] as const)
    cases.push(
      of(`maxPool3d ${pad}`, [[2, 3, 4, 5, 2]], x => tf.maxPool3d(x as tf.Tensor5D, 2, 2, pad)),
      of(`avgPool3d ${pad}`, [[2, 3, 4, 5, 2]], x => tf.avgPool3d(x as tf.Tensor5D, 2, 2, pad)),
      of(
        `conv3d ${pad}`,
        [
          [2, 3, 4, 5, 2],
          [2, 2, 3, 2, 3],
        ],
        (x, w) => tf.conv3d(x as tf.Tensor5D, w as tf.Tensor5D, [1, 2, 1], pad),
      ),
      of(
        `conv1d ${pad}`,
        [
          [2, 7, 3],
          [3, 3, 2],
        ],
        (x, w) => tf.conv1d(x as tf.Tensor3D, w as tf.Tensor3D, pad === 'same' ? 2 : 1, pad),
      ),
      of(
        `separableConv2d ${pad}`,
        [
          [2, 5, 5, 2],
          [3, 3, 2, 2],
          [1, 1, 4, 3],
        ],
        (x, d, p) => tf.separableConv2d(x as tf.Tensor4D, d as tf.Tensor4D, p as tf.Tensor4D, 1, pad),
      ),
    );
  cases.push(
    of(
      'conv3dTranspose',
      [
        [1, 2, 2, 3, 2],
        [2, 2, 2, 3, 2],
      ],
      (x, w) => tf.conv3dTranspose(x as tf.Tensor5D, w as tf.Tensor5D, [1, 4, 4, 6, 3], 2, 'same'),
    ),
    of(
      'conv2d of an image without a batch axis',
      [
        [5, 4, 3],
        [3, 2, 3, 2],
      ],
      (x, w) => tf.conv2d(x as tf.Tensor3D, w as tf.Tensor4D, 1, 'same'),
    ),
    of('localResponseNormalization', [[2, 3, 3, 5]], x =>
      tf.localResponseNormalization(x as tf.Tensor4D, 2, 1, 0.5, 0.6),
    ),
    of('fused conv2d', [[2, 5, 4, 3], [3, 2, 3, 2], [2]], (x, filter, bias) =>
      tf.fused.conv2d({
        x: x as tf.Tensor4D,
        filter: filter as tf.Tensor4D,
        strides: 1,
        pad: 'same',
        bias: bias,
        activation: 'relu',
      }),
    ),
    of('fused depthwiseConv2d', [[2, 5, 4, 3], [3, 2, 3, 1], [3]], (x, filter, bias) =>
      tf.fused.depthwiseConv2d({
        x: x as tf.Tensor4D,
        filter: filter as tf.Tensor4D,
        strides: 1,
        pad: 'same',
        bias: bias,
        activation: 'relu',
      }),
    ),
  );
  return cases;
}

const boxes = [
  [0.1, 0.2, 0.7, 0.9],
  [0, 0, 1, 1],
  [0.8, 0.3, 0.2, 0.6],
  [-0.2, 0.1, 0.8, 1.3],
];

function images(): OperationCase[] {
  const cases: OperationCase[] = [];
  const box = () => tf.tensor2d(boxes);
  for (const method of ['bilinear', 'nearest'] as const) {
    for (const size of [
      [3, 4],
      [1, 1],
      [1, 5],
    ] as Array<[number, number]>)
      cases.push(
        of(`cropAndResize to ${size.join()}, ${method}, of images`, [[3, 5, 6, 2]], x =>
          tf.image.cropAndResize(x as tf.Tensor4D, box(), ids(2, 0, 0, 1), size, method, 0.3),
        ),
      );
    for (const [size, align, half] of [
      [[3, 7], false, false],
      [[3, 7], true, false],
      [[8, 4], false, true],
      [[1, 1], false, false],
    ] as Array<[[number, number], boolean, boolean]>)
      cases.push(
        of(
          `resize to ${size.join()}, ${method}${align ? ', aligned' : ''}${half ? ', half pixels' : ''}`,
          [[2, 4, 5, 2]],
          x =>
            (method === 'bilinear' ? tf.image.resizeBilinear : tf.image.resizeNearestNeighbor)(
              x as tf.Tensor4D,
              size,
              align,
              half,
            ),
        ),
      );
  }
  for (const size of [
    [3, 4],
    [1, 5],
  ] as Array<[number, number]>)
    cases.push(
      of(
        `cropAndResize to ${size.join()}, of boxes`,
        [
          [3, 5, 6, 2],
          [4, 4],
        ],
        (x, b) =>
          tf.image.cropAndResize(
            x as tf.Tensor4D,
            tf.add<tf.Tensor2D>(box(), tf.mul(b, 0.02)),
            ids(2, 0, 0, 1),
            size,
            'bilinear',
            0.3,
          ),
      ),
    );
  cases.push(
    of('flipLeftRight', [[2, 3, 4, 2]], x => tf.image.flipLeftRight(x as tf.Tensor4D)),
    of('grayscaleToRGB', [[2, 3, 4, 1]], x => tf.image.grayscaleToRGB(x as tf.Tensor4D)),
    of('rgbToGrayscale', [[2, 3, 4, 3]], x => tf.image.rgbToGrayscale(x as tf.Tensor4D)),
  );
  return cases;
}

function moves(): OperationCase[] {
  return [
    of('gather rows, some twice', [[4, 3]], x => tf.gather(x, ids(3, 0, 3, 1))),
    of('gather no row', [[4, 3]], x => tf.gather(x, tf.zeros<tf.Rank.R1>([0], 'int32'))),
    of('gather along axis 1 by a matrix', [[2, 4, 3]], x =>
      tf.gather(
        x,
        tf.tensor2d(
          [
            [0, 3],
            [3, 2],
          ],
          [2, 2],
          'int32',
        ),
        1,
      ),
    ),
    of('gather with a batch', [[2, 4, 3]], x =>
      tf.gather(
        x,
        tf.tensor2d(
          [
            [0, 3, 3],
            [1, 2, 0],
          ],
          [2, 3],
          'int32',
        ),
        1,
        1,
      ),
    ),
    of('gatherND', [[3, 4, 2]], x => tf.gatherND(x, placesTwice())),
    of('gatherND of elements', [[3, 4]], x => tf.gatherND(x, placesTwice())),
    of('scatterND', [[3, 2]], x => tf.scatterND(tf.tensor2d([[2], [0], [2]], [3, 1], 'int32'), x, [4, 2])),
    of(
      'tensorScatterUpdate',
      [
        [4, 2],
        [2, 2],
      ],
      (x, u) => tf.tensorScatterUpdate(x, tf.tensor2d([[2], [0]], [2, 1], 'int32'), u),
    ),
    of('unsortedSegmentSum', [[4, 3]], x => tf.unsortedSegmentSum(x, ids(1, 0, 1, 3), 4)),
    of('unsortedSegmentSum of a vector', [[4]], x => tf.unsortedSegmentSum(x, ids(1, 0, 1, 3), 5)),
    of('slice', [[3, 4, 2]], x => tf.slice(x, [1, 0, 1], [2, 3, 1])),
    of('slice of rows', [[5, 4]], x => tf.slice(x, [1], [3])),
    of('slice of nothing', [[5, 4]], x => tf.slice(x, [2, 0], [0, 4])),
    of('stridedSlice', [[5, 6]], x => tf.stridedSlice(x, [0, 1], [5, 6], [2, 2])),
    of('stridedSlice backwards', [[5, 6]], x => tf.stridedSlice(x, [4, 5], [0, 0], [-2, -1])),
    of('pad', [[2, 3]], x =>
      tf.pad(
        x,
        [
          [1, 0],
          [2, 1],
        ],
        0.5,
      ),
    ),
    of('mirrorPad reflect', [[3, 4]], x =>
      tf.mirrorPad(
        x,
        [
          [1, 2],
          [0, 3],
        ],
        'reflect',
      ),
    ),
    of('mirrorPad symmetric', [[3, 4]], x =>
      tf.mirrorPad(
        x,
        [
          [1, 2],
          [0, 3],
        ],
        'symmetric',
      ),
    ),
    of('spaceToBatchND', [[1, 4, 4, 2]], x =>
      tf.spaceToBatchND(
        x,
        [2, 2],
        [
          [0, 0],
          [0, 0],
        ],
      ),
    ),
    of('batchToSpaceND', [[4, 2, 2, 2]], x =>
      tf.batchToSpaceND(
        x,
        [2, 2],
        [
          [0, 1],
          [1, 0],
        ],
      ),
    ),
    of('depthToSpace', [[2, 2, 3, 8]], x => tf.depthToSpace(x as tf.Tensor4D, 2)),
    of('tile', [[2, 3]], x => tf.tile(x, [3, 2])),
    of('reverse', [[2, 3, 4]], x => tf.reverse(x, [0, 2])),
    of('transpose', [[2, 3, 4]], x => tf.transpose(x, [2, 0, 1])),
    of(
      'concat',
      [
        [2, 3],
        [4, 3],
      ],
      (a, b) => tf.concat([a, b]),
    ),
    of(
      'stack',
      [
        [2, 3],
        [2, 3],
      ],
      (a, b) => tf.stack([a, b], 1),
    ),
    of('unstack one', [[1, 3]], x => tf.unstack(x)[0]!),
    of('unstack', [[2, 3]], x => tf.unstack(x, 1)[2]!),
    of('split', [[2, 6]], x => tf.split(x, [1, 3, 2], 1)[1]!),
    of('topk', [[3, 5]], x => tf.topk(x, 2).values),
    of('topk of all', [[5]], x => tf.topk(x, 5).values),
    of('booleanMask by gather', [[4, 2]], x => tf.gather(x, ids(0, 2))),
    of(
      'where with a condition that broadcasts',
      [
        [3, 2],
        [3, 2],
      ],
      (a, b) => tf.where(tf.tensor2d([true, false, true], [3, 1], 'bool'), a, b),
    ),
    of('diag', [[4]], x => tf.diag(x)),
    of('bandPart', [[3, 4]], x => tf.linalg.bandPart(x, 1, 1)),
    of('broadcastTo', [[2, 1, 3]], x => tf.broadcastTo(x, [2, 4, 3])),
    of('roll by concat', [[5, 2]], x => tf.concat([tf.slice(x, [3, 0]), tf.slice(x, [0, 0], [3, 2])])),
  ];
}

function arithmetic(): OperationCase[] {
  return [
    of('cumsum', [[3, 4]], x => tf.cumsum(x, 0, true, true)),
    of('cumprod', [[3, 4]], x => tf.cumprod(x, 1)),
    of('cumprod, exclusive and reversed', [[3, 4]], x => tf.cumprod(x, 0, true, true)),
    of('prod', [[3, 4]], x => tf.prod(x, 1)),
    of(
      'einsum of matrices',
      [
        [3, 4],
        [4, 2],
      ],
      (a, b) => tf.einsum('ij,jk->ik', a, b),
    ),
    of(
      'einsum of batches',
      [
        [2, 3, 4],
        [2, 4, 5],
      ],
      (a, b) => tf.einsum('bij,bjk->bki', a, b),
    ),
    of(
      'einsum of heads',
      [
        [2, 3, 2, 4],
        [2, 5, 2, 4],
      ],
      (a, b) => tf.einsum('bqhd,bkhd->bhqk', a, b),
    ),
    of('einsum to a sum', [[3, 4]], a => tf.einsum('ij->i', a)),
    of('einsum of a transpose', [[3, 4]], a => tf.einsum('ij->ji', a)),
    of('einsum, outer', [[3], [4]], (a, b) => tf.einsum('i,j->ij', a, b)),
    of(
      'einsum to a scalar',
      [
        [3, 4],
        [3, 4],
      ],
      (a, b) => tf.einsum('ij,ij->', a, b),
    ),
    of(
      'batchMatMul',
      [
        [2, 3, 4],
        [2, 4, 5],
      ],
      (a, b) => tf.matMul(a, b),
    ),
    of(
      'batchMatMul, transposed',
      [
        [2, 4, 3],
        [2, 5, 4],
      ],
      (a, b) => tf.matMul(a, b, true, true),
    ),
    of(
      'batchMatMul of no example',
      [
        [0, 3, 4],
        [0, 4, 5],
      ],
      (a, b) => tf.matMul(a, b),
    ),
    of('dot', [[4], [4]], (a, b) => tf.dot(a, b)),
    of('outerProduct', [[3], [4]], (a, b) => tf.outerProduct(a as tf.Tensor1D, b as tf.Tensor1D)),
    of('divNoNan', [[4], [4]], (a, b) => tf.divNoNan(a, b)),
    of('squaredDifference', [[3, 4], [4]], (a, b) => tf.squaredDifference(a, b)),
    of('mod', [[4], [4]], (a, b) => tf.mod(a, b)),
    of('floorDiv', [[4], [4]], (a, b) => tf.mul(tf.floorDiv(a, b), a)),
    of('atan2', [[4], [4]], (a, b) => tf.atan2(a, b)),
    of('prelu', [[3, 4], [4]], (a, b) => tf.prelu(a, b)),
    of('logSumExp', [[3, 4]], x => tf.logSumExp(x, 1)),
    of('norm', [[3, 4]], x => tf.norm(x, 'euclidean', 1)),
    of('batchNorm', [[3, 2, 2, 4], [4], [4], [4], [4]], (x, m, v, o, s) => tf.batchNorm(x, m, tf.square(v), o, s)),
    of('moments', [[3, 4]], x => tf.moments(x, 0).variance),
    of('softmax', [[3, 4]], x => tf.softmax(x)),
    of('sparseToDense', [[3]], x => tf.sparseToDense(ids(0, 2, 3), x, [5])),
    of('movingAverage', [[4], [4]], (a, b) => tf.add(tf.mul(a, 0.9), tf.mul(b, 0.1))),
    of('gramSchmidt', [[3, 3]], x => tf.linalg.gramSchmidt(x as tf.Tensor2D) as tf.Tensor2D), // of a matrix, a matrix
    of('qr', [[3, 3]], x => tf.linalg.qr(x)[1]),
    of('fused matMul', [[3, 4], [4, 2], [2]], (a, b, bias) => tf.fused.matMul({a: a, b: b, bias, activation: 'relu'})),
    of('erf', [[4]], x => tf.erf(x)),
    of('mish', [[4]], x => tf.mul(x, tf.tanh(tf.softplus(x)))),
    of('ceil', [[4]], x => tf.mul(tf.ceil(x), x)),
    of('sign', [[4]], x => tf.mul(tf.sign(x), x)),
    of('isNaN mask', [[4]], x => tf.where(tf.isNaN(x), tf.zerosLike(x), tf.square(x))),
    of(
      'all losses',
      [
        [3, 4],
        [3, 4],
      ],
      (a, b) =>
        tf.addN([
          tf.losses.absoluteDifference(a, b),
          tf.losses.cosineDistance(a, b, 1),
          tf.losses.hingeLoss(tf.cast(tf.greater(a, 0), 'float32'), b),
          tf.losses.huberLoss(a, b),
          tf.losses.logLoss(tf.sigmoid(a), tf.sigmoid(b)),
          tf.losses.meanSquaredError(a, b),
          tf.losses.sigmoidCrossEntropy(tf.cast(tf.greater(a, 0), 'float32'), b),
          tf.losses.softmaxCrossEntropy(tf.softmax(a), b),
        ] as tf.Tensor[]),
    ),
  ];
}

export const operationCases: readonly OperationCase[] = [...spatial(), ...images(), ...moves(), ...arithmetic()];

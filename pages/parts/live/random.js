// @ts-check
/**
 * The random numbers of `numpy.random.default_rng(seed).random(dtype=float32)`.
 *
 * PCG64: M. E. O'Neill, "PCG: A family of simple fast space-efficient statistically good algorithms
 * for random number generation", 2014 (XSL RR 128/64). Seeds are spread as by NumPy's `SeedSequence`.
 */

const MULTIPLIER = (2549297995355413924n << 64n) | 4865540595714422341n;
const POOL_SIZE = 4;

/** @param {bigint} state */
const low128 = (state) => BigInt.asUintN(128, state);

/**
 * Mix a seed into a pool of four words, and draw others from it, as NumPy's `SeedSequence`.
 *
 * @param {number[]} entropy four or more words of 32 bits
 * @param {number} count
 * @returns {number[]} words of 32 bits
 */
function generate(entropy, count) {
  let constant = 0x43b0d7e5;
  /** @param {number} value */
  const hash = (value) => {
    value = (value ^ constant) >>> 0;
    constant = Math.imul(constant, 0x931e8875) >>> 0;
    value = Math.imul(value, constant) >>> 0;
    return (value ^ (value >>> 16)) >>> 0;
  };
  /** @param {number} x @param {number} y */
  const mix = (x, y) => {
    const mixed = (Math.imul(x, 0xca01f9dd) - Math.imul(y, 0x4973f715)) >>> 0;
    return (mixed ^ (mixed >>> 16)) >>> 0;
  };
  const pool = entropy.slice(0, POOL_SIZE).map(hash);
  for (let source = 0; source < POOL_SIZE; source++) {
    for (let target = 0; target < POOL_SIZE; target++) {
      if (source !== target) pool[target] = mix(pool[target], hash(pool[source]));
    }
  }
  for (const word of entropy.slice(POOL_SIZE)) {
    for (let target = 0; target < POOL_SIZE; target++) pool[target] = mix(pool[target], hash(word));
  }
  constant = 0x8b51f9dd;
  return Array.from({ length: count }, (_, index) => {
    let value = (pool[index % POOL_SIZE] ^ constant) >>> 0;
    constant = Math.imul(constant, 0x58f38ded) >>> 0;
    value = Math.imul(value, constant) >>> 0;
    return (value ^ (value >>> 16)) >>> 0;
  });
}

/**
 * Spread a seed over four words of 64 bits, as `SeedSequence(seed).generate_state(4, uint64)`.
 *
 * @param {number} seed from 0 to 2³² − 1
 * @returns {bigint[]}
 */
function spread(seed) {
  const words = generate([seed, 0, 0, 0], 2 * POOL_SIZE).map(BigInt);
  return [0, 2, 4, 6].map((at) => words[at] | (words[at + 1] << 32n));
}

/**
 * The seed of a later layer, as `SeedSequence(seed, spawn_key=(place,)).generate_state(1)`.
 *
 * @param {number} seed from 0 to 2³² − 1
 * @param {number} place how many such layers come before it
 */
export function laterSeed(seed, place) {
  return generate([seed, 0, 0, 0, place], 1)[0];
}

/**
 * Draw numbers from 0 to below 1.
 *
 * @param {number} seed a whole number from 0 to 2³² − 1
 * @param {number} count
 * @returns {Float32Array}
 */
export function uniform(seed, count) {
  const [high, low, streamHigh, streamLow] = spread(seed);
  const step = low128((((streamHigh << 64n) | streamLow) << 1n) | 1n);
  /** @param {bigint} state */
  const advance = (state) => low128(state * MULTIPLIER + step);
  let state = advance(low128(step + ((high << 64n) | low)));
  const numbers = new Float32Array(count);
  for (let index = 0; index < count; index += 2) {
    state = advance(state);
    const folded = BigInt.asUintN(64, (state >> 64n) ^ state);
    const turn = state >> 122n;
    const word = BigInt.asUintN(64, (folded >> turn) | (folded << (64n - turn)));
    numbers[index] = Number(BigInt.asUintN(32, word) >> 8n) / 2 ** 24;
    if (index + 1 < count) numbers[index + 1] = Number(word >> 40n) / 2 ** 24;
  }
  return numbers;
}

package org.alberttf.tokenizer

/**
 * Pieces that a text was cut into.
 *
 * @property ids one a piece.
 * @property bounds where each begins, in bytes of the normalized text, and
 * after the last, where it ends.
 */
internal class Segments(val ids: IntArray, val bounds: IntArray)

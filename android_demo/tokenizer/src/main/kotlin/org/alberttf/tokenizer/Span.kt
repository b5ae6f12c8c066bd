package org.alberttf.tokenizer

/**
 * A half-open range of positions in a text, empty where both are the same.
 *
 * @property begin the first position.
 * @property end the position after the last.
 */
public data class Span(val begin: Int, val end: Int)

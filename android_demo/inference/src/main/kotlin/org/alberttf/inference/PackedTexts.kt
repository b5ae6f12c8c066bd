package org.alberttf.inference

import org.alberttf.tokenizer.ModelInputs

/**
 * A text, or a pair of texts, as a row of tokens.
 *
 * @property isCut whether the row does not hold all of it.
 */
internal class PackedTexts private constructor(val row: ModelInputs, val isCut: Boolean) {
    companion object {
        /**
         * Packs texts for a bundle's model.
         *
         * @throws IllegalArgumentException a text is empty, or there is a second
         * one for a model of single texts.
         */
        fun of(bundle: Bundle, text: String, pair: String?): PackedTexts {
            val given = listOfNotNull(text, pair)
            given.forEach { requireText(it) }
            require(pair == null || bundle.manifest.takesPairs) {
                "This model takes single texts. Received a second one. Leave it out."
            }
            val ids = given.map { bundle.tokenizer.encodeIds(firstChars(it)) }
            val maxLength = bundle.manifest.maxLength
            val isCut = given.any { it.length > MAX_TEXT_CHARS } ||
                ids.sumOf { it.size } + ids.size + 1 > maxLength
            return PackedTexts(bundle.tokenizer.pack(ids[0], ids.getOrNull(1), maxLength), isCut)
        }
    }
}

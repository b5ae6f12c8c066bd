package org.alberttf.demo

import android.widget.RadioButton
import android.widget.RadioGroup

/** The tabs that models are there for; hidden where there is but one. */
internal class TabBar(private val group: RadioGroup, onSelect: (Tab) -> Unit) {
    private val buttons = mapOf(
        Tab.CLASSIFY to R.id.tab_classify, Tab.ANSWER to R.id.tab_answer, Tab.TAG to R.id.tab_tag,
    ).mapValues { group.child<RadioButton>(it.value) }

    init {
        buttons.forEach { (tab, button) -> button.setOnClickListener { onSelect(tab) } }
    }

    fun draw(state: ScreenState) {
        group.isShown(state.models.size > 1)
        buttons.forEach { (tab, button) -> button.isShown(tab in state.models) }
        buttons[state.tab]?.isChecked = true
    }
}

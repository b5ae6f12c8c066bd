package org.alberttf.demo

import android.app.Activity
import android.view.View
import android.widget.Button
import android.widget.EditText
import android.widget.Switch
import org.alberttf.inference.Classification

/** Labels what is typed while it is typed. */
internal class ClassifyPanel(activity: Activity, private val screen: Screen) : Panel {
    private val root = activity.child<View>(R.id.panel_classify)
    private val text = root.child<EditText>(R.id.classify_text)
    private val pair = root.child<EditText>(R.id.classify_pair)
    private val pairLabel = root.child<View>(R.id.classify_pair_label)
    private val pairSwitch = root.child<Switch>(R.id.classify_pair_switch)
    private val card = ResultCard(root)
    private val resources = activity.resources
    private val examples = resources.getStringArray(R.array.classify_examples)

    init {
        text.onTyped { screen.type(screen.state.texts.copy(classify = it)) }
        pair.onTyped { screen.type(screen.state.texts.copy(pair = it)) }
        // A dragged thumb is no click; what draw() sets is the state's already.
        pairSwitch.setOnCheckedChangeListener { _, isChecked ->
            if (isChecked != screen.state.texts.hasPair) screen.type(screen.state.texts.copy(hasPair = isChecked))
        }
        root.child<Button>(R.id.classify_example).setOnClickListener {
            val next = (examples.indexOf(screen.state.texts.classify) + 1) % examples.size
            screen.type(screen.state.texts.copy(classify = examples[next]))
        }
    }

    override fun draw(state: ScreenState) {
        root.isShown(state.tab == Tab.CLASSIFY)
        val takesPairs = state.models[Tab.CLASSIFY]?.takesPairs ?: true
        pairSwitch.isShown(takesPairs)
        pairSwitch.isChecked = state.texts.hasPair
        pair.isShown(takesPairs && state.texts.hasPair)
        pairLabel.isShown(takesPairs && state.texts.hasPair)
        text.setTextIfOther(state.texts.classify)
        pair.setTextIfOther(state.texts.pair)
        when (val work = state.classification) {
            is Work.None -> card.showMessage(resources.getString(R.string.classify_empty))
            is Work.Running -> Unit
            is Work.Failed -> card.showMessage(work.message)
            is Work.Done -> show(work)
        }
    }

    private fun show(done: Work.Done<Classification>) {
        val result = done.value
        val likeliest = result.probabilities.entries.sortedByDescending { it.value }.take(NUM_ROWS)
        card.show(
            result.label,
            likeliest.map { ResultCard.Row(it.key, it.value) },
            resources.getString(R.string.text_cut).takeIf { result.isTruncated },
            Figures.of(resources, done),
        )
    }

    private companion object {
        const val NUM_ROWS = 5
    }
}

// The part of Plotly's figures that is drawn here, and the check that a figure keeps to it.
//
// The table is JSON, so that ui/charts/spec.py reads it too: tests hold the figures of all pages to it. An attribute takes
// any value ("any"), one of a list, attributes of its own ({…}), or what another entry says ("$font"); "unread" ones are
// for Plotly, which draws the score that is taken away as a page of its own. ["$shape"] is a list of shapes.

/** @type {Record<string, any>} */
export const SUBSET = {
  "traces": {
    "scatter": {
      "type": ["scatter"], "name": "any", "visible": [true, false], "x": "any", "y": "any", "z": "any",
      "xaxis": ["x"], "yaxis": "any", "opacity": "any", "showlegend": [true, false], "meta": "any",
      "mode": ["lines", "markers", "text", "lines+markers", "lines+text", "markers+text", "lines+markers+text"],
      "line": { "color": "any", "width": "any", "dash": "any", "shape": ["linear"] },
      "marker": {
        "color": "any", "size": "any", "opacity": "any", "line": { "color": "any", "width": "any" },
        "symbol": ["circle", "square", "diamond", "circle-open", "square-open", "diamond-open"]
      },
      "fill": ["none", "toself"], "fillcolor": "any",
      "text": "any", "textfont": "$font",
      "textposition": [
        "top left", "top center", "top right", "middle left", "middle center", "middle right", "bottom left",
        "bottom center", "bottom right"
      ],
      "customdata": "any", "hovertemplate": "any", "hoverinfo": ["skip", "none"], "cliponaxis": "unread"
    },
    "bar": {
      "type": ["bar"], "name": "any", "visible": [true, false], "x": "any", "y": "any", "xaxis": ["x"], "yaxis": "any",
      "opacity": "any", "showlegend": [true, false], "meta": "any", "orientation": ["v"], "width": "any",
      "marker": { "color": "any", "line": { "color": "any", "width": "any" } },
      "text": "any", "textposition": ["none"],
      "customdata": "any", "hovertemplate": "any", "hoverinfo": ["skip", "none"]
    },
    "heatmap": {
      "type": ["heatmap"], "name": "any", "visible": [true, false], "z": "any", "x": "any", "y": "any", "x0": "any",
      "dx": "any", "y0": "any", "dy": "any", "xaxis": ["x"], "yaxis": "any", "opacity": "any", "meta": "any",
      "zmin": "any", "zmax": "any", "colorscale": "any", "xgap": "any", "showscale": [true, false],
      "colorbar": {
        "x": "any", "y": "any", "len": "any", "lenmode": ["fraction"], "thickness": "any", "xpad": "any", "ypad": "any",
        "tickvals": "any", "ticktext": "any", "tickformat": "any", "tickfont": "$font", "nticks": "unread",
        "outlinewidth": [0]
      },
      "text": "any", "customdata": "any", "hovertemplate": "any", "hoverinfo": ["skip", "none"]
    }
  },
  "layout": {
    "height": "any", "margin": { "l": "any", "r": "any", "t": "any", "b": "any" }, "font": "$font",
    "paper_bgcolor": "any", "plot_bgcolor": "any", "bargap": "any",
    "hovermode": ["closest"], "hoverlabel": { "bgcolor": "any", "bordercolor": "any", "font": "$font" },
    "showlegend": [true, false],
    "legend": { "orientation": ["h"], "x": "any", "y": "any", "yanchor": "any", "font": "$font" },
    "meta": { "selectable": [true, false], "space": [true, false] }, "uirevision": "any",
    "template": { "layout": "$layout" }, "xaxis": "$axis", "yaxis": "$axis", "shapes": ["$shape"], "annotations": ["$annotation"]
  },
  "axis": {
    "type": ["linear", "log", "category"], "range": "any", "autorange": [true, "reversed"], "domain": "any", "anchor": "any",
    "scaleanchor": ["x"], "fixedrange": [true, false], "visible": [true, false], "categoryarray": "any",
    "title": { "text": "any", "standoff": "any", "font": "$font" },
    "tickvals": "any", "ticktext": "any", "tickformat": "any", "tickfont": "$font", "nticks": "any", "dtick": "any",
    "exponentformat": ["power"], "showticklabels": [true, false], "ticks": [""], "hoverformat": "any",
    "showgrid": [true, false], "gridcolor": "any", "gridwidth": "any", "zeroline": [false],
    "showline": [true, false], "linecolor": "any", "linewidth": "any",
    "showspikes": [true, false], "spikecolor": "any", "spikethickness": "any", "spikedash": ["solid"],
    "spikemode": ["across"], "spikesnap": ["data"]
  },
  "shape": {
    "type": ["line", "rect"], "xref": ["x", "paper"], "yref": "any", "x0": "any", "x1": "any", "y0": "any", "y1": "any",
    "layer": ["below", "above"], "line": { "color": "any", "width": "any", "dash": "any" }, "fillcolor": "any"
  },
  "annotation": {
    "text": "any", "x": "any", "y": "any", "xref": ["x", "paper"], "yref": "any", "xshift": "any", "yshift": "any",
    "xanchor": ["auto", "left", "center", "right"], "yanchor": ["auto", "top", "middle", "bottom"], "font": "$font",
    "borderpad": "any", "showarrow": [false], "align": ["left"]
  },
  "font": { "family": "any", "size": "any", "color": "any" }
};

/** @param {string} entry */
const named = (entry) => SUBSET[entry.slice(1)];

// Refuse what is not in an entry of the table, by its name.
/** @param {any} value @param {any} entry @param {string} name */
function keep(value, entry, name) {
  if (entry === undefined) throw new Error(`${name} is not supported`);
  if (entry === "any" || entry === "unread" || value === undefined) return;
  if (typeof entry === "string") return keep(value, named(entry), name);
  if (Array.isArray(entry)) {
    if (typeof entry[0] === "string" && entry[0].startsWith("$")) {
      for (const item of value) keep(item, named(entry[0]), name);
    } else if (!entry.includes(value)) throw new Error(`${name} "${value}" is not supported`);
    return;
  }
  for (const key in value) keep(value[key], entry[key.replace(/^yaxis\d+$/, "yaxis")], `${name}.${key}`);
}

/** @param {{data?: any[], layout?: Record<string, any>}} figure */
export function check({ data = [], layout = {} }) {
  for (const trace of data) {
    const { type = "scatter" } = trace;
    if (!Object.hasOwn(SUBSET.traces, type)) throw new Error(`trace type "${type}" is not supported`);
    keep(trace, SUBSET.traces[type], type);
  }
  keep(layout, SUBSET.layout, "layout");
}
